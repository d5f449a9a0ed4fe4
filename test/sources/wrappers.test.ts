/** Files that write the configuration of a server: what they embed is judged at its lines, what they fill in is not known. */
import { describe, expect, test } from "vitest";
import { cli } from "../cli/fake.ts";
import { lintFiles } from "../inspect.ts";

const configuration = (user: string): string => `{
  "Name": "Clinic",
  "RemoteAccessAllowed": true,
  "AuthenticationEnabled": false,
  "RegisteredUsers": { "desk": ${user} }
}`;

const indented = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => " ".repeat(by) + line)
    .join("\n");

/** Each embeds the configuration so that "AuthenticationEnabled" stands in the line that is named. */
const wrappers: readonly {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}[] = [
  {
    name: "user data of Terraform, a script in a heredoc",
    file: "main.tf",
    text: `resource "aws_instance" "pacs" {\n  user_data = <<-EOT\n    #!/bin/bash\n    cat > /etc/orthanc/orthanc.json <<'JSON'\n${indented(configuration('"${var.password}"'), 4)}\n    JSON\n  EOT\n}\n`,
    line: 8,
    column: 32,
  },
  {
    name: "a script",
    file: "install.sh",
    text: `#!/bin/sh\nsudo tee /etc/orthanc/orthanc.json >/dev/null <<EOF\n${configuration('"$PASSWORD"')}\nEOF\nsystemctl restart orthanc\n`,
    line: 6,
    column: 28,
  },
  {
    name: "a task of Ansible",
    file: "tasks/main.yml",
    text: `- name: configuration\n  ansible.builtin.copy:\n    dest: /etc/orthanc/orthanc.json\n    content: |\n${indented(configuration('"{{ password }}"'), 6)}\n`,
    line: 8,
    column: 34,
  },
  {
    name: "cloud-init",
    file: "user-data",
    text: `#cloud-config\nwrite_files:\n  - path: /etc/orthanc/orthanc.json\n    content: |\n${indented(configuration('"not-for-anyone"'), 6)}\n`,
    line: 8,
    column: 34,
  },
  {
    name: "Puppet",
    file: "manifests/init.pp",
    text: `file { '/etc/orthanc/orthanc.json':\n  content => @("END"),\n${indented(configuration('"$' + '{password}"'), 4)}\n    | END\n}\n`,
    line: 6,
    column: 32,
  },
  {
    name: "Chef",
    file: "recipes/default.rb",
    text: `file '/etc/orthanc/orthanc.json' do\n  content <<~JSON\n${indented(configuration('"#{password}"'), 4)}\n  JSON\nend\n`,
    line: 6,
    column: 32,
  },
];

describe.each(wrappers)("$name", ({ file, text, line, column }) => {
  test("is an Orthanc without a login, told at its line", () => {
    const { report } = lintFiles({ [file]: text }, { paths: ["."], orthancVersion: "1.12.7" });
    const finding = report.findings.find(({ rule }) => rule === "http-no-authentication");
    expect(finding?.location).toMatchObject({ file, line, column });
    expect(report.problems).toEqual([]);
    expect(report.deployments.map(({ form }) => form)).toEqual(["host"]);
  });
});

test("what a wrapper fills in is not known", () => {
  const text = `cat > /etc/orthanc/orthanc.json <<EOF\n${configuration('"$PASSWORD"').replace("false", "$AUTH")}\nEOF\n`;
  const { report } = lintFiles({ "install.sh": text }, { orthancVersion: "1.12.7" });
  const undecided = report.undetermined.filter(({ rule }) => rule === "http-no-authentication");
  expect(undecided.map(({ location }) => location?.line)).toEqual([5]);
  expect(report.exitCode).toBe(3);
});

test("files that one playbook writes find each other", () => {
  const text = `- copy:
    dest: /opt/pacs/orthanc.json
    content: |
      { "RemoteAccessAllowed": true, "AuthenticationEnabled": false }
- copy:
    dest: /opt/pacs/docker-compose.yml
    content: |
      services:
        pacs:
          image: orthancteam/orthanc:25.8.1
          ports: ["8042:8042"]
          volumes: ["./orthanc.json:/etc/orthanc/orthanc.json"]
`;
  const { report } = lintFiles({ "playbook.yml": text });
  const finding = report.findings.find(({ rule }) => rule === "http-no-authentication");
  expect(finding?.location).toMatchObject({ file: "playbook.yml", line: 4 });
  expect(finding?.related.map(({ location }) => location.line)).toContain(11);
  expect(report.deployments.map(({ form }) => form)).toEqual(["compose"]);
});

test("a password in what is embedded is masked", async () => {
  const text = `cat > /etc/orthanc/orthanc.json <<'EOF'\n${configuration('"Winter-in-2019"')}\nEOF\n`;
  for (const format of ["text", "json"]) {
    const { stdout, stderr } = await cli([".", "--format", format], { files: { "install.sh": text } });
    expect(stdout).toContain("install.sh");
    expect(stdout + stderr).not.toContain("Winter-in-2019");
  }
});

test("scripts that embed nothing of a server are passed over", () => {
  const text = 'cat <<EOF\nHello\nEOF\ncurl -d \'{"Name": "x"}\' http://localhost\n';
  const { report } = lintFiles({ "hello.sh": text });
  expect(report.deployments).toEqual([]);
});

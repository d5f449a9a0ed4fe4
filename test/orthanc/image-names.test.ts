/** From names of variables to options; expected values from the script itself (26.8.1). */
import { describe, expect, it } from "vitest";
import { builderRelease } from "../../src/products/orthanc/image/history.ts";
import { meantPath, pathOfVariable, variableOf } from "../../src/products/orthanc/image/names.ts";

const release = builderRelease("26.8.1");

describe("a name", () => {
  it.each([
    ["ORTHANC__NAME", "Name"],
    ["ORTHANC__DICOM_WEB__ROOT", "DicomWeb/Root"],
    ["ORTHANC__QUERY_RETRIEVE_SIZE", "QueryRetrieveSize"],
    ["ORTHANC__REGISTERED_USERS__ADMIN", "RegisteredUsers/Admin"],
    ["ORTHANC__REGISTERED_USERS__alice", "RegisteredUsers/alice"],
    ["ORTHANC__POSTGRESQL", "PostgreSQL"],
    ["ORTHANC__POSTGRESQL__ENABLE_SSL", "PostgreSQL/EnableSsl"],
    ["ORTHANC__MYSQL__SSL_CA_CERTIFICATES", "MySQL/SslCACertificates"],
    ["ORTHANC__OHIF__DATA_SOURCE", "OHIF/DataSource"],
    ["ORTHANC__S_T_L__ENABLE", "STL/Enable"],
    ["ORTHANC__STL__ENABLE", "Stl/Enable"],
    ["ORTHANC__CASE_SENSITIVE_PN", "CaseSensitivePN"],
    ["OE2_ENABLED", "OrthancExplorer2/IsDefaultOrthancUI"],
    ["PG_HOST", "PostgreSQL/Host"],
    ["ORTHANC__A.B", "A.b"],
    ["ORTHANC__X__A.B", "X/A/b"],
    ["ORTHANC__OPTION_2_X", "Option2X"],
  ])("%s sets %s", (name, path) => {
    const named = pathOfVariable(name, release);
    expect(named.state === "path" && named.path.join("/")).toBe(path);
  });
  it.each([
    "ORTHANC__",
    "ORTHANC__A___B",
    "ORTHANC__NAME_",
    "ORTHANC___NAME",
    "ORTHANC__A____B",
    "ORTHANC__X__A.",
  ])("%s stops the script", (name) => {
    expect(pathOfVariable(name, release).state).toBe("crash");
  });
  it.each(["PATH", "ORTHANC_NAME", "POSTGRES_PASSWORD"])("%s is no setting", (name) =>
    expect(pathOfVariable(name, release).state).toBe("none"),
  );
});

describe("an option", () => {
  it.each([
    ["DicomPort", "ORTHANC__DICOM_PORT"],
    ["DicomWeb.EnableWado", "ORTHANC__DICOM_WEB__ENABLE_WADO"],
    ["PostgreSQL.Password", "ORTHANC__POSTGRESQL__PASSWORD"],
    ["HttpsCACertificates", "ORTHANC__HTTPS_CA_CERTIFICATES"],
    ["MaximumRequestBodySizeMB", "ORTHANC__MAXIMUM_REQUEST_BODY_SIZE_M_B"],
    ["Warnings.W001_TagsBeingReadFromStorage", undefined],
  ])("%s is set by %s", (path, name) => expect(variableOf(path.split("."), release)).toBe(name));
  it("is meant where only the case differs", () => {
    expect(meantPath(["MaximumRequestBodySizeMb"])).toEqual(["MaximumRequestBodySizeMB"]);
    expect(meantPath(["DicomModalities", "Ct", "Aet"])).toEqual(["DicomModalities", "Ct", "AET"]);
    expect(meantPath(["Name"])).toBeUndefined();
    expect(meantPath(["Nmae"])).toBeUndefined();
  });
});

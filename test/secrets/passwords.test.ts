import { describe, expect, test } from "vitest";
import { judgePassword } from "../../src/products/passwords.ts";

describe("a password that nobody chose", () => {
  test.each([
    "ChangePasswordHere",
    "changestrongpassword",
    "CHANGE_ME_IN_PRODUCTION",
    "your-secure-password-here",
    "<put your password here>",
    "P@ssw0rd!",
    "admin@123",
    "test1234",
    "pgpassword",
    "orthanc_password",
    "StrongPassword2024",
    "changeme",
    "123456789",
    "secret",
  ])("is %s", (password) => {
    expect(judgePassword("radiology", password)).toBe("default");
  });

  test.each([
    "seven red horses in rain",
    "orthanc-lamp-river-91",
    "rabbit*2026 vault",
    "Zb7!kq02mPx",
    "correcthorsebattery",
  ])("is not %s", (password) => {
    expect(judgePassword("radiology", password)).toBe("literal");
  });

  test("is judged in the time of its length", () => {
    const start = performance.now();
    for (let round = 0; round < 2_000; round++) judgePassword("x", `${"in".repeat(28)}q`);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

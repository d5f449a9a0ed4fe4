import { type RequestOptions, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { tlsOptions } from "./connect.ts";
import type { HttpAnswer, HttpRequest } from "./protocol.ts";

const TIMEOUT = 10_000;
const LONGEST_BODY = 200_000;

/** One request on a connection of its own. */
export function http(request: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const body = request.body === undefined ? undefined : Buffer.from(request.body, "base64");
    const options: RequestOptions = {
      host: request.host,
      port: request.port,
      method: request.method,
      path: request.path,
      agent: false,
      timeout: TIMEOUT,
      headers: { ...request.headers, ...(body === undefined ? {} : { "content-length": body.length }) },
      ...(request.from === undefined ? {} : { localAddress: request.from }),
    };
    const call = request.tls ? requestTls({ ...options, ...tlsOptions(request.tls) }) : requestPlain(options);
    call.on("timeout", () => call.destroy(new Error("timeout")));
    call.on("error", (error) => resolve({ error: error.message }));
    call.on("response", (response) => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers)) {
        headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (text.length < LONGEST_BODY) text += chunk;
      });
      const done = () => resolve({ status: response.statusCode ?? 0, headers, body: text });
      response.on("end", done);
      response.on("error", done);
    });
    call.end(body);
  });
}

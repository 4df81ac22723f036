import type { HttpRequest, HttpResponse, HttpStack } from "tus-js-client";
import { meaningOf } from "./answer.ts";
import type { EndpointHttp, HttpAnswer } from "./endpoint-http.ts";
import type { Body } from "./segment-source.ts";
import { UploadError } from "./upload-error.ts";

/**
 * The endpoint as the HTTP stack of the tus client. An answer that ends the upload is thrown here: the client itself
 * would begin a new upload on a redirect, a 401 or a 503 to the question how far the old one is.
 */
export function tusHttp(http: EndpointHttp): HttpStack {
  return { getName: () => "camfence", createRequest: (method, url) => tusRequest(http, method, url) };
}

function tusRequest(http: EndpointHttp, method: string, url: string): HttpRequest {
  const headers: Record<string, string> = {};
  const cut = new AbortController();
  return {
    getMethod: () => method,
    getURL: () => url,
    setHeader: (name, value) => {
      headers[name] = value;
    },
    getHeader: (name) => headers[name],
    setProgressHandler: () => {},
    send: async (body: Body | null) => {
      const answer = await http.send({ method, url, headers, body, signal: cut.signal });
      const meaning = meaningOf(answer);
      if (meaning !== "go-on") throw new UploadError(meaning);
      return tusResponse(answer);
    },
    abort: async () => cut.abort(),
    getUnderlyingObject: () => null,
  };
}

function tusResponse({ status, header, body }: HttpAnswer): HttpResponse {
  return {
    getStatus: () => status,
    getHeader: header,
    getBody: () => body,
    getUnderlyingObject: () => null,
  };
}

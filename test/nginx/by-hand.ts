/** Configurations written by hand, each for something that is easily read wrongly. */

/** The `http` part of a configuration; requests go to port 9100 unless it says otherwise. */
export interface ByHand {
  readonly name: string;
  readonly http: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly tls?: boolean;
}

const pass = "proxy_pass http://127.0.0.1:9001;";
const basic = "auth_basic pacs; auth_basic_user_file users;";
const auth = "location = /auth { internal; proxy_pass http://127.0.0.1:9003/check; }";
const server = (lines: string): string => `server { listen 9100;\n${lines}\n}`;

/** The cases. */
export const byHand: readonly ByHand[] = [
  { name: "everything is passed on", http: server(`location / { ${pass} }`) },
  { name: "a login before everything", http: server(`${basic} location / { ${pass} }`) },
  {
    name: "a login without a file of users asks nobody",
    http: server(`auth_basic pacs; location / { ${pass} }`),
  },
  {
    name: "one path is left out of the login",
    http: server(`${basic} location / { ${pass} } location /dicom-web/ { auth_basic off; ${pass} }`),
  },
  {
    name: "the login is on the exact path only",
    http: server(`location = /orthanc/ { ${basic} ${pass} } location /orthanc/ { ${pass} }`),
  },
  {
    name: "an expression goes around a prefix",
    http: server(`location /orthanc/ { ${basic} ${pass} } location ~ studies { ${pass} }`),
  },
  {
    name: "^~ keeps expressions out",
    http: server(`location ^~ /orthanc/ { ${basic} ${pass} } location ~ studies { ${pass} }`),
  },
  {
    name: "case matters to prefixes, not to ~*",
    http: server(`location ~* ^/orthanc { ${basic} ${pass} } location / { ${pass} }`),
  },
  {
    name: "nested locations",
    http: server(
      `location /orthanc { ${basic} ${pass} location /orthanc/studies { auth_basic off; ${pass} } location ~ app { return 204; } } location ~ php$ { ${pass} }`,
    ),
  },
  {
    name: "nested expression before outer one",
    http: server(
      `location /orthanc/ { location ~ studies { ${pass} } return 403; } location ~ orthanc { ${basic} ${pass} }`,
    ),
  },
  {
    name: "proxy_pass with a path replaces the prefix",
    http: server(
      "location /orthanc/ { proxy_pass http://127.0.0.1:9001/; } location /a { proxy_pass http://127.0.0.1:9002/v1/; }",
    ),
  },
  {
    name: "prefix without slash, path with slash",
    http: server(
      "location /orthanc { proxy_pass http://127.0.0.1:9001/; } location / { proxy_pass http://127.0.0.1:9002/x; }",
    ),
  },
  {
    name: "a slash is added by a redirect",
    http: server("location /orthanc/ { proxy_pass http://127.0.0.1:9001/; } location /a/b/ { return 204; }"),
  },
  {
    name: "no slash is added when the path has its own location",
    http: server(`location /orthanc/ { ${pass} } location = /orthanc { proxy_pass http://127.0.0.1:9002; }`),
  },
  {
    name: "rewrite and break",
    http: server("location /orthanc/ { rewrite /orthanc(.*) $1 break; proxy_pass http://127.0.0.1:9001; }"),
  },
  {
    name: "rewrite and break with a path that is ignored",
    http: server(
      "location /orthanc/ { rewrite ^/orthanc/(.*)$ /v2/$1?k=1 break; proxy_pass http://127.0.0.1:9001/ignored/; }",
    ),
  },
  {
    name: "rewrite leads out of the login",
    http: server(
      `rewrite ^/orthanc/(.*)$ /dicom-web/$1 last; location /orthanc/ { ${basic} ${pass} } location /dicom-web/ { ${pass} }`,
    ),
  },
  {
    name: "rewrite in a location with last",
    http: server(
      `location /orthanc/ { rewrite ^/orthanc/(.*)$ /dicom-web/$1? last; } location /dicom-web/ { ${basic} proxy_pass http://127.0.0.1:9001/; }`,
    ),
  },
  { name: "a rewrite without end is an error", http: server("location / { rewrite ^(.*)$ /x$1; }") },
  {
    name: "break after a change",
    http: server(
      "location /orthanc/ { rewrite ^/orthanc/(.*) /dicom-web/$1; break; proxy_pass http://127.0.0.1:9001/p/; } location /dicom-web/ { return 403; }",
    ),
  },
  {
    name: "redirecting rewrites",
    http: server(
      "rewrite ^/orthanc/(.*)$ https://elsewhere.example/$1 permanent; rewrite ^/a(.*)$ /dicom-web$1 redirect; location / { return 404; }",
    ),
  },
  {
    name: "variables in proxy_pass",
    http: `map $uri $backend { default 127.0.0.1:9001; ~^/dicom-web/ 127.0.0.1:9002; }\n${server("location / { proxy_pass http://$backend; } location /orthanc/ { proxy_pass http://$backend$request_uri; } location ~ ^/a/(?<rest>.*)$ { proxy_pass http://$backend/r/$rest; }")}`,
  },
  {
    name: "an upstream",
    http: `upstream pacs { server 127.0.0.1:9001; server 127.0.0.1:9001 backup; }\n${server("location / { proxy_pass http://pacs; } location /orthanc/ { proxy_pass http://PACS/up/; }")}`,
  },
  {
    name: "auth_request",
    http: server(
      `${auth} auth_request /auth; location / { ${pass} } location /dicom-web/ { auth_request off; ${pass} }`,
    ),
  },
  {
    name: "auth_request that always agrees",
    http: server(`location = /auth { return 200; } auth_request /auth; location / { ${pass} }`),
  },
  {
    name: "auth_request that always refuses",
    http: server(`location = /auth { return 403; } auth_request /auth; location / { ${pass} }`),
  },
  {
    name: "auth_request to nowhere",
    http: server(`auth_request /nowhere; location = /nowhere { } location / { ${pass} }`),
  },
  {
    name: "auth_request with a redirect to the login page",
    http: server(
      `${auth} error_page 401 = @login; location @login { return 302 https://login.example/?to=$request_uri; } location / { auth_request /auth; ${pass} }`,
    ),
  },
  {
    name: "the error page of a login leads to the backend",
    http: server(`error_page 401 = @open; location @open { ${pass} } location / { ${basic} ${pass} }`),
  },
  {
    name: "the error page has a login of its own",
    http: server(`error_page 401 /errors/401; ${basic} location / { ${pass} }`),
  },
  {
    name: "an error page at the backend",
    http: server(
      `error_page 403 =200 /errors/403; location / { deny all; ${pass} } location /errors/ { proxy_pass http://127.0.0.1:9002; }`,
    ),
  },
  {
    name: "addresses in order",
    http: server(
      `location / { allow 127.0.0.9; deny 127.0.0.0/8; allow all; ${pass} } location /orthanc/ { deny all; allow 127.0.0.1; ${pass} }`,
    ),
  },
  {
    name: "addresses are not inherited beside others",
    http: server(`deny all; location / { ${pass} } location /orthanc/ { allow 127.0.0.1; ${pass} }`),
  },
  {
    name: "satisfy any with an address",
    http: server(`satisfy any; allow 127.0.0.9; deny all; ${basic} location / { ${pass} }`),
  },
  {
    name: "satisfy any without a deny",
    http: server(`satisfy any; allow 127.0.0.9; ${basic} location / { ${pass} }`),
  },
  {
    name: "satisfy any with allow all",
    http: server(`satisfy any; allow all; ${basic} location / { ${pass} }`),
  },
  {
    name: "satisfy any of two logins",
    http: server(`${auth} satisfy any; ${basic} auth_request /auth; location / { ${pass} }`),
  },
  { name: "satisfy any with nothing to satisfy", http: server(`satisfy any; location / { ${pass} }`) },
  {
    name: "other methods are denied",
    http: server(
      `location / { limit_except GET { deny all; } ${pass} } location /dicom-web/ { limit_except GET POST { ${basic} } ${pass} }`,
    ),
  },
  {
    name: "if in a location",
    http: server(
      `location / { if ($request_method = OPTIONS) { return 204; } if ($request_method != GET) { return 405; } ${pass} }`,
    ),
  },
  {
    name: "if with a backend of its own",
    http: server(
      `location / { ${basic} if ($request_method = POST) { proxy_pass http://127.0.0.1:9002; } ${pass} }`,
    ),
  },
  {
    name: "if on a header",
    http: server(`location / { if ($http_authorization = "") { return 401; } ${pass} }`),
  },
  {
    name: "if on arguments and paths",
    http: server(
      `if ($arg_x = 1) { return 403; } if ($uri ~* "^/orthanc/(app|none)") { set $stop $1; } location / { if ($stop) { return 410; } ${pass} }`,
    ),
  },
  {
    name: "internal",
    http: server(
      `location /orthanc/ { internal; ${pass} } location / { try_files /nothing /orthanc/there; }`,
    ),
  },
  {
    name: "try_files to a named location",
    http: server(`location / { try_files $uri $uri/x @pacs; } location @pacs { ${pass} }`),
  },
  { name: "try_files to a code", http: server(`location / { try_files $uri =404; ${pass} }`) },
  {
    name: "try_files does not go into if",
    http: server(
      `location / { if ($request_method = POST) { set $x 1; } try_files $uri @none; ${pass} } location @none { return 410; }`,
    ),
  },
  {
    name: "slashes are kept",
    http: server(
      `merge_slashes off; location /orthanc/ { ${basic} ${pass} } location / { proxy_pass http://127.0.0.1:9002; }`,
    ),
  },
  {
    name: "the first server is the default",
    http: `server { listen 9100; server_name other.example; location / { ${pass} } } server { listen 9100; server_name pacs.example; ${basic} location / { ${pass} } }`,
  },
  {
    name: "default_server",
    http: `server { listen 9100; server_name nobody; return 403; } server { listen 9100 default_server; server_name somebody; location / { ${pass} } }`,
  },
  {
    name: "names with wildcards",
    http: `server { listen 9100; server_name *.example; ${basic} location / { ${pass} } } server { listen 9100; server_name pacs.*; location / { proxy_pass http://127.0.0.1:9002; } } server { listen 9100; server_name ~^other; location / { ${pass} } }`,
  },
  {
    name: "an address of its own goes before the wildcard",
    http: `server { listen 9100; ${basic} location / { ${pass} } } server { listen 127.0.0.1:9100; location / { proxy_pass http://127.0.0.1:9002; } }`,
  },
  {
    name: "plain and TLS in one server",
    http: `server { listen 9100; listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; if ($scheme = http) { return 301 https://$host$request_uri; } location / { ${pass} } }`,
  },
  {
    name: "TLS",
    port: 9101,
    tls: true,
    http: `server { listen 9100; listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; if ($scheme = http) { return 301 https://$host$request_uri; } location / { ${pass} } }`,
  },
  {
    name: "plain HTTP to a TLS port",
    port: 9101,
    http: `server { listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; location / { ${pass} } }`,
  },
  { name: "TLS to a plain port", tls: true, http: server(`location / { ${pass} }`) },
  {
    name: "a client certificate is required",
    port: 9101,
    tls: true,
    http: `server { listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_client_certificate cert.pem; ssl_verify_client on; location / { ${pass} } }`,
  },
  {
    name: "a client certificate is required, but not on the plain port",
    http: `server { listen 9100; listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_client_certificate cert.pem; ssl_verify_client on; location / { ${pass} } }`,
  },
  {
    name: "a client certificate is optional",
    port: 9101,
    tls: true,
    http: `server { listen 9101 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_client_certificate cert.pem; ssl_verify_client optional; location / { if ($ssl_client_verify != SUCCESS) { return 403; } ${pass} } location /dicom-web/ { ${pass} } }`,
  },
  {
    name: "ssl_reject_handshake",
    port: 9101,
    tls: true,
    http: `server { listen 9101 ssl default_server; ssl_reject_handshake on; } server { listen 9101 ssl; server_name pacs.example; ssl_certificate cert.pem; ssl_certificate_key key.pem; location / { ${pass} } }`,
  },
  {
    name: "the realm comes from a map",
    http: `map $uri $realm { default pacs; ~^/dicom-web off; }\n${server(`auth_basic $realm; auth_basic_user_file users; location / { ${pass} }`)}`,
  },
  {
    name: "the realm comes from the address",
    http: `geo $realm { default pacs; 127.0.0.9 off; 127.0.0.8/31 "pacs too"; }\n${server(`auth_basic $realm; auth_basic_user_file users; location / { ${pass} }`)}`,
  },
  {
    name: "map on the host with wildcards",
    http: `map $host $deny { hostnames; default 0; *.example 1; other.example 0; }\n${server(`if ($deny) { return 403; } location / { ${pass} }`)}`,
  },
  {
    name: "an include in a location",
    http: server(`location / { include login.inc; ${pass} } include more/*.conf;`),
    files: {
      "login.inc": basic,
      "more/b.conf": `location /dicom-web/ { ${pass} }`,
      "more/a.conf": `location /a { include login.inc; ${pass} }`,
    },
  },
  {
    name: "comments, quotes and escapes",
    http: server(
      `# auth_basic off;\nauth_basic "a \\"b\\" # c"; "auth_basic_user_file" 'users'; location "/" { ${pass} # }\n } location /orthanc\\/x { return 204; } location ~ "^/a/b{1,2}/" { auth_basic "off"; ${pass} }`,
    ),
  },
  {
    name: "the connection is closed",
    http: server(
      `location / { return 444; } location /orthanc/ { return 403 "no"; error_page 403 /a; } location /a { ${pass} }`,
    ),
  },
  {
    name: "return goes before the login",
    http: server(`${basic} location / { return 302 /orthanc/; } location /orthanc/ { ${pass} }`),
  },
  {
    name: "a server that only redirects",
    http: server("return 301 https://$host$request_uri; location / { proxy_pass http://127.0.0.1:9001; }"),
  },
  {
    name: "set_real_ip_from believes a header only when it is sent",
    http: server(`set_real_ip_from 127.0.0.0/8; location / { allow 10.0.0.0/8; deny all; ${pass} }`),
  },
  {
    name: "a login at the backend by the proxy",
    http: server(`proxy_set_header Authorization "Basic dTpw"; location / { ${pass} }`),
  },
  {
    name: "captures of a rewrite in the arguments",
    http: server(
      "location / { rewrite ^/orthanc/(.*)$ /x?path=$1 break; proxy_pass http://127.0.0.1:9001; }",
    ),
  },
  {
    name: "an if inside a location with a path to replace",
    http: server("location /orthanc/ { if ($args) { set $a 1; } proxy_pass http://127.0.0.1:9001/r/; }"),
  },
  {
    name: "unix-like names of locations",
    http: server(
      `location =/orthanc/ { return 204; } location ~^/dicom { ${pass} } location ^~/a { ${basic} ${pass} }`,
    ),
  },
  {
    name: "two upper levels of regular expressions",
    http: server(
      `location ~ ^/orthanc { location ~ studies$ { ${pass} } location ~ app { return 410; } return 403; }`,
    ),
  },
  {
    name: "merge_slashes off",
    http: server(`merge_slashes off; location /orthanc/ { ${basic} ${pass} } location / { ${pass} }`),
  },
  {
    name: "auth_request off inside",
    http: server(
      `${auth} auth_request /auth; location / { ${pass} } location /orthanc/ { auth_request off; ${pass} location ~ studies { ${pass} } }`,
    ),
  },
  {
    name: "auth_request on inside again",
    http: server(
      `${auth} location /orthanc { auth_request off; ${pass} location /orthanc/studies { auth_request /auth; ${pass} } }`,
    ),
  },
  {
    name: "satisfy any inherited to nested",
    http: server(
      `satisfy any; allow 10.0.0.0/8; deny all; ${basic} location /orthanc { ${pass} location /orthanc/studies { auth_basic off; ${pass} } location ~ app { satisfy all; ${pass} } }`,
    ),
  },
  {
    name: "satisfy any, nested has its own addresses",
    http: server(
      `satisfy any; deny all; ${basic} location / { ${pass} location /orthanc { allow all; ${pass} } location /dicom-web { allow 10.0.0.0/8; ${pass} } }`,
    ),
  },
  {
    name: "limit_except with a login",
    http: server(
      `location / { limit_except GET { ${basic} } ${pass} } location /orthanc { ${basic} limit_except POST { deny all; } ${pass} }`,
    ),
  },
  {
    name: "limit_except nested",
    http: server(`location / { limit_except GET { deny all; } ${pass} location /orthanc { ${pass} } }`),
  },
  {
    name: "try_files to a path with a login",
    http: server(`location / { try_files $uri /orthanc/x; } location /orthanc/ { ${basic} ${pass} }`),
  },
  {
    name: "try_files to a path without",
    http: server(`location / { ${basic} try_files $uri /orthanc/x; } location /orthanc/ { ${pass} }`),
  },
  {
    name: "error_page 403 named",
    http: server(`location / { deny all; error_page 403 = @back; } location @back { ${pass} }`),
  },
  {
    name: "recursive error pages",
    http: server(
      `recursive_error_pages on; location / { return 404; error_page 404 /a/x; } location /a/ { return 403; error_page 403 = @back; } location @back { ${pass} }`,
    ),
  },
  {
    name: "error pages are not recursive",
    http: server(
      `location / { return 404; error_page 404 /a/x; } location /a/ { return 403; error_page 403 = @back; } location @back { ${pass} }`,
    ),
  },
  {
    name: "error page inherited",
    http: server(
      `error_page 404 @back; location / { root html; } location /a { return 404; error_page 403 @back; } location @back { ${pass} }`,
    ),
  },
  {
    name: "rewrite last chain",
    http: server(
      `location /a { rewrite ^/a(.*)$ /x$1 last; } location /x { rewrite ^/x(.*)$ /orthanc$1 last; } location /orthanc { ${basic} ${pass} } location / { ${pass} }`,
    ),
  },
  {
    name: "rewrite at the server out of login",
    http: server(
      `rewrite ^/orthanc/(.*)$ /open/$1; location /orthanc { ${basic} ${pass} } location /open/ { ${pass} }`,
    ),
  },
  {
    name: "rewrite break at the server",
    http: server(
      `rewrite ^/orthanc/(.*)$ /open/$1 break; rewrite ^/open/(.*)$ /orthanc/$1; location /open/ { ${pass} } location /orthanc { ${basic} ${pass} }`,
    ),
  },
  {
    name: "login by set and if",
    http: server(
      `set $realm off; if ($uri ~ ^/orthanc) { set $realm pacs; } location / { auth_basic $realm; auth_basic_user_file users; ${pass} }`,
    ),
  },
  { name: "index leads on", http: server(`location / { root html; } location = /index.html { ${pass} }`) },
  {
    name: "index with a login before",
    http: server(`location / { ${basic} root html; } location = /index.html { ${pass} }`),
  },
  {
    name: "mirror",
    http: server(`location / { mirror /m; return 204; } location = /m { internal; ${pass} }`),
  },
  {
    name: "geo decides about the realm",
    http: `geo $realm { default pacs; 127.0.0.0/8 off; }\n${server(`location / { auth_basic $realm; auth_basic_user_file users; ${pass} }`)}`,
  },
  {
    name: "map with expressions and captures",
    http: `map $uri $realm { default off; ~^/orthanc/(?<rest>.*)$ pacs; "~*WEB" web; }\n${server(`location / { auth_basic $realm; auth_basic_user_file users; ${pass} }`)}`,
  },
  {
    name: "map of a map",
    http: `map $request_method $m { default no; GET yes; }\nmap $m$uri $realm { default off; ~^yes/orthanc pacs; }\n${server(`location / { auth_basic $realm; auth_basic_user_file users; ${pass} }`)}`,
  },
  {
    name: "if ends with break",
    http: server(
      `location / { if ($uri ~ studies) { break; } ${pass} } location /orthanc/ { if ($uri ~ studies) { break; return 403; } ${pass} }`,
    ),
  },
  {
    name: "return in if before a login",
    http: server(`location / { ${basic} if ($uri ~ studies) { return 204; } ${pass} }`),
  },
  {
    name: "rewrite in if out of the login",
    http: server(
      `location /orthanc { ${basic} if ($args) { rewrite ^ /open/x last; } ${pass} } location /open/ { ${pass} }`,
    ),
  },
  {
    name: "internal outside, and what is nested in it",
    http: server(`location /orthanc { internal; ${pass} location /orthanc/studies { ${pass} } }`),
  },
  {
    name: "login at http, off in server",
    http: `${basic}\n${server(`auth_basic off; location / { ${pass} } location /orthanc { auth_basic again; ${pass} }`)}`,
  },
  {
    name: "users file at http, realm in location",
    http: `auth_basic_user_file users;\n${server(`location / { auth_basic x; ${pass} } location /orthanc { ${pass} }`)}`,
  },
  { name: "empty realm", http: server(`location / { auth_basic ""; auth_basic_user_file users; ${pass} }`) },
  {
    name: "auth_request in an outer location only",
    http: server(
      `${auth} location /orthanc { auth_request /auth; location /orthanc/studies { ${pass} } location ~ app { ${pass} } }`,
    ),
  },
  {
    name: "remote user",
    http: server(`location / { ${basic} if ($remote_user = "") { return 403; } ${pass} }`),
  },
];

/** Mistakes that nginx refuses, and that we report. */
export const refusals: readonly { readonly name: string; readonly http: string }[] = [
  { name: "a missing semicolon", http: server("location / { proxy_pass http://127.0.0.1:9001 }") },
  { name: "a missing brace", http: "server { listen 9100; location / { return 204; }" },
  { name: "a brace too many", http: `${server("return 204;")} }` },
  { name: "a lone semicolon", http: server("return 204;;") },
  { name: "a string without end", http: server('location / { return 200 "x; }') },
  { name: "text after a quote", http: server('location / { return 200 "x"y; }') },
  { name: "a directive in the wrong place", http: server("location / { listen 80; }") },
  { name: "auth_basic in an if", http: server("location / { if ($args) { auth_basic off; } }") },
  { name: "too few arguments", http: server("location / { proxy_pass; }") },
  { name: "a block without braces", http: server("location /;") },
  { name: "braces where none belong", http: server("return 204 { }") },
  {
    name: "a path for proxy_pass in an expression",
    http: server("location ~ x { proxy_pass http://127.0.0.1:9001/; }"),
  },
  {
    name: "a path for proxy_pass in an if",
    http: server("location / { if ($args) { proxy_pass http://127.0.0.1:9001/; } }"),
  },
  { name: "no scheme", http: server("location / { proxy_pass 127.0.0.1:9001; }") },
  {
    name: "a port for an upstream",
    http: `upstream pacs { server 127.0.0.1:9001; }\n${server("location / { proxy_pass http://pacs:80; }")}`,
  },
  { name: "an empty upstream", http: `upstream pacs { }\n${server("return 204;")}` },
  { name: "the same location twice", http: server("location /a { } location /a { }") },
  {
    name: "= and prefix of the same path are two locations",
    http: server("location /a { } location = /a { } location ~ /a { } location ~ /a { }"),
  },
  { name: "a location outside", http: server("location /a { location /b { } }") },
  { name: "a location inside an exact one", http: server("location = /a { location /a/b { } }") },
  { name: "a named location inside", http: server("location /a { location @b { } }") },
  { name: "a bad expression", http: server("location ~ (x { }") },
  { name: "a bad class", http: server("location ~ [x { }") },
  { name: "an unknown modifier", http: server("location == /a { }") },
  { name: "a duplicate setting", http: server("auth_basic a; auth_basic b;") },
  {
    name: "two default servers",
    http: "server { listen 9100 default_server; } server { listen 9100 default_server; }",
  },
  { name: "the same listen twice", http: "server { listen 9100; listen *:9100; }" },
  { name: "TLS without a certificate", http: "server { listen 9101 ssl; }" },
  { name: "a bad port", http: "server { listen 99999; }" },
  { name: "a bad listen parameter", http: "server { listen 9100 tls; }" },
  { name: "a bad network", http: server("allow 10.0.0.0/33;") },
  { name: "a name for a network", http: server("deny pacs.example;") },
  { name: "a bad condition", http: server("if (1 = 1) { return 204; }") },
  { name: "a bad operator", http: server("if ($args == 1) { return 204; }") },
  { name: "a bad rewrite flag", http: server("rewrite a b always;") },
  { name: "a bad return code", http: server("return later;") },
  { name: "a bad variable name", http: server("set x 1;") },
  { name: "a bad value", http: server("satisfy either;") },
  { name: "a string of 4096 bytes", http: server(`return 200 "${"x".repeat(4096)}";`) },
  { name: "a string of 4095 bytes", http: server(`return 200 "${"x".repeat(4095)}";`) },
  { name: "a string of 2048 characters with 4096 bytes", http: server(`return 200 "${"é".repeat(2048)}";`) },
  { name: "a comment of 5000 bytes", http: `# ${"x".repeat(5000)}\n${server("return 204;")}` },
  { name: "a comment of 4000 bytes", http: `# ${"x".repeat(4000)}\n${server("return 204;")}` },
  { name: "a dollar alone", http: server('return 200 "a $ b";') },
  { name: "braces of a variable", http: server("return 200 $\x7buri}{;") },
  { name: "an include that is not there", http: server("include nowhere.conf;") },
  { name: "a pattern that fits nothing", http: server("include nowhere/*.conf;") },
];

/* The one function that libcivetweb looks for in libssl and that OpenSSL 3 renamed. This library is loaded under the name
   libssl.so and depends on the real one, so that dlsym finds everything else there. */

typedef struct ssl_st SSL;
typedef struct x509_st X509;

X509 *SSL_get1_peer_certificate(const SSL *ssl);
X509 *SSL_get_peer_certificate(const SSL *ssl);

X509 *SSL_get_peer_certificate(const SSL *ssl)
{
  return SSL_get1_peer_certificate(ssl);
}

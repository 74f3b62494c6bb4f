package io.ketju.protocol.security;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What people want to know of a certificate.
 *
 * @param subject whose it is, as a distinguished name: {@code CN=node-1}
 * @param names DNS names and IP addresses of the node; none for an authority
 * @param until its last moment
 */
public record CertificateSummary(String subject, List<String> names, Instant until) {
    /**
     * {@return that of the first certificate in a file}
     *
     * @param file PEM; others behind the first are of those that issued it
     * @throws InvalidCredentialsException if there is none, or the file cannot be read
     */
    public static CertificateSummary of(Path file) {
        X509Certificate certificate = PemFile.certificates(file).getFirst();
        return new CertificateSummary(
                certificate.getSubjectX500Principal().getName(),
                NodeCredentials.names(certificate),
                certificate.getNotAfter().toInstant());
    }
}

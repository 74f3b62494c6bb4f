package io.ketju.protocol.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A private authority: it issues the certificates of a cluster's nodes. Its key never has to be on a node. */
public final class CertificateAuthority {
    /** The authority's key, which only whoever issues certificates needs. */
    public static final String KEY = "ca-key.pem";

    /** How long an authority lasts. */
    public static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);

    /** How long a node's certificate lasts unless somebody wants another span. */
    public static final Duration NODE_VALIDITY = Duration.ofDays(365);

    /** Clocks of hosts differ a little: a certificate is valid from some time before it was made. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private final X509Certificate certificate;
    private final X509Certificates.Signer signer;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.signer = new X509Certificates.Signer(
                certificate.getSubjectX500Principal().getEncoded(), certificate.getPublicKey(), key);
    }

    /**
     * {@return a new one, nowhere stored yet}
     *
     * @param name what people call it: the common name of its certificate
     * @param now from when on it is valid, for {@link #AUTHORITY_VALIDITY}
     */
    public static CertificateAuthority create(String name, Instant now) {
        try {
            KeyPair keys = X509Certificates.newKeys();
            X509Certificates.Signer self =
                    new X509Certificates.Signer(X509Certificates.subject(name), keys.getPublic(), keys.getPrivate());
            return new CertificateAuthority(
                    X509Certificates.ofAuthority(self, validity(now, now.plus(AUTHORITY_VALIDITY))), keys.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no certificates", e);
        }
    }

    /**
     * {@return what {@link #store} has written}
     *
     * @param folder with {@code ca.pem} and {@value #KEY}
     * @throws InvalidCredentialsException if one is missing, unreadable or something else, or others may read the key
     */
    public static CertificateAuthority read(Path folder) {
        X509Certificate certificate =
                PemFile.certificates(folder.resolve(NodeCredentials.AUTHORITY)).getFirst();
        return new CertificateAuthority(certificate, PemFile.key(folder.resolve(KEY), certificate));
    }

    /**
     * Writes {@code ca.pem} and {@value #KEY}, readable by their owner alone, in place of what is there.
     *
     * @param folder made if it is not there, for its owner alone
     * @throws IOException if they cannot be written
     */
    public void store(Path folder) throws IOException {
        PemFile.createFolder(folder);
        PemFile.write(folder.resolve(KEY), PemFile.text(signer.key()));
        PemFile.write(folder.resolve(NodeCredentials.AUTHORITY), text(certificate));
    }

    /**
     * Makes a key and a certificate and writes what a node needs ({@link NodeCredentials#read}) into a folder, in place of what is
     * there.
     *
     * @param folder of this node; made if it is not there, for its owner alone
     * @param names of the node, at least one; the first is what people call it
     * @param now from when on it is valid
     * @param lasts how long, but never longer than the authority
     * @throws IOException if the files cannot be written
     * @throws InvalidCredentialsException if a name is no DNS name and no IP address; nothing is written then
     */
    public void issue(Path folder, List<String> names, Instant now, Duration lasts) throws IOException {
        names.forEach(NodeName::require);
        try {
            Instant until = now.plus(lasts);
            Instant last = certificate.getNotAfter().toInstant();
            KeyPair keys = X509Certificates.newKeys();
            X509Certificate issued = X509Certificates.ofNode(
                    names, keys.getPublic(), validity(now, until.isBefore(last) ? until : last), signer);
            PemFile.createFolder(folder);
            PemFile.write(folder.resolve(NodeCredentials.KEY), PemFile.text(keys.getPrivate()));
            PemFile.write(folder.resolve(NodeCredentials.CERTIFICATE), text(issued));
            PemFile.write(folder.resolve(NodeCredentials.AUTHORITY), text(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no certificates", e);
        }
    }

    /**
     * Checks a name before {@link #issue} does. Nothing is looked up.
     *
     * @param name a DNS name or an IP address
     * @throws InvalidCredentialsException if it is neither
     */
    public static void requireName(String name) {
        NodeName.require(name);
    }

    /**
     * {@return whether a node's certificate is there to be renewed}
     *
     * @param folder of the node; it need not be there
     */
    public static boolean hasNode(Path folder) {
        return Files.exists(folder.resolve(NodeCredentials.CERTIFICATE));
    }

    private static X509Certificates.Validity validity(Instant now, Instant until) {
        return new X509Certificates.Validity(now.minus(CLOCK_SKEW), until);
    }

    private static String text(X509Certificate certificate) {
        try {
            return PemFile.text(certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK writes no certificates", e);
        }
    }
}

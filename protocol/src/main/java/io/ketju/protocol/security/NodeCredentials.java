package io.ketju.protocol.security;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * A node's certificate and key, and the authorities whose nodes it talks to. Whoever has an engine of it speaks TLS 1.3 and
 * nothing older, shows its certificate and wants the other's. Immutable; safe for any thread.
 */
public final class NodeCredentials {
    /** The authorities, one or several, as PEM. */
    public static final String AUTHORITY = "ca.pem";

    /** The node's certificate, and those between it and the authority if there are any. */
    public static final String CERTIFICATE = "node.pem";

    /** The node's key, PKCS #8. */
    public static final String KEY = "node-key.pem";

    /** How long before its end a certificate is warned of. */
    public static final Duration WARNED = Duration.ofDays(14);

    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final String origin;
    private final List<X509Certificate> chain;
    private final SSLContext context;

    private NodeCredentials(
            String origin, List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
        this.origin = origin;
        this.chain = List.copyOf(chain);
        this.context = context(this.chain, key, authorities);
    }

    /**
     * Reads {@value #AUTHORITY}, {@value #CERTIFICATE} and {@value #KEY} of a folder.
     *
     * @param folder as {@link CertificateAuthority#issue} writes it; files of other makers serve too
     * @return what it says; whether it is valid now is for {@link #requireValid}
     * @throws InvalidCredentialsException for what is missing, unreadable, readable by others (the key), without a name of the node,
     *     or does not belong together
     */
    public static NodeCredentials read(Path folder) {
        List<X509Certificate> authorities = PemFile.certificates(folder.resolve(AUTHORITY));
        Path certificate = folder.resolve(CERTIFICATE);
        List<X509Certificate> chain = PemFile.certificates(certificate);
        PrivateKey key = PemFile.key(folder.resolve(KEY), chain.getFirst());
        requirePair(folder, chain.getFirst(), key);
        NodeCredentials read = new NodeCredentials(certificate.toString(), chain, key, authorities);
        if (read.names().isEmpty()) {
            throw new InvalidCredentialsException(
                    certificate + ": expected names of the node (subject alternative names), found none");
        }
        return read;
    }

    /**
     * {@return TLS of this node, for whoever needs more than engines; what is made of it has to allow TLS 1.3 alone, and to want the
     * other's certificate}
     */
    public SSLContext context() {
        return context;
    }

    /** {@return a new engine for a connection that another node opens: it has to show a certificate} */
    public SSLEngine acceptingEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters(engine.getSSLParameters()));
        return engine;
    }

    /**
     * {@return a new engine for a connection that this node opens}
     *
     * @param host where to, as it was meant: the other's certificate must have this name
     * @param port where to; only a hint for the reuse of sessions
     */
    public SSLEngine connectingEngine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine.getSSLParameters());
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLParameters parameters(SSLParameters given) {
        given.setProtocols(PROTOCOLS);
        given.setNeedClientAuth(true);
        return given;
    }

    /** {@return the DNS names and IP addresses of this node, at least one} */
    public List<String> names() {
        return names(chain.getFirst());
    }

    /** {@return the end of the certificate, or of the one between it and the authority that ends first} */
    public Instant expiry() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /**
     * Checks that the certificate is valid.
     *
     * @param now the moment that it is checked for
     * @return a line to show if it will end within {@link #WARNED}
     * @throws InvalidCredentialsException if it has not begun, or {@link #expiry} is over
     */
    public Optional<String> requireValid(Instant now) {
        Instant begin = chain.getFirst().getNotBefore().toInstant();
        String renew = "; renew it by: ketju certs renew DIR --nodes NAME";
        if (now.isBefore(begin)) {
            throw new InvalidCredentialsException(
                    origin + ": is valid from " + begin + " on, now it is " + now + "; set this machine's clock");
        }
        if (!now.isBefore(expiry())) {
            throw new InvalidCredentialsException(origin + ": expired on " + expiry() + renew);
        }
        Duration left = Duration.between(now, expiry());
        return left.compareTo(WARNED) > 0
                ? Optional.empty()
                : Optional.of(origin + ": expires on " + expiry() + ", in " + left.toDays() + " days" + renew);
    }

    /**
     * Checks that others would take this node under a name.
     *
     * @param host as for {@link #hasName}
     * @throws InvalidCredentialsException if they would not find it in the certificate
     */
    public void requireName(String host) {
        if (!hasName(host)) {
            throw new InvalidCredentialsException(origin + ": is of " + String.join(", ", names()) + ", expected "
                    + host + "; others would refuse this node: use one of its names, or make it another certificate");
        }
    }

    /**
     * {@return whether others find this name in the certificate}
     *
     * @param host a DNS name, in any case, or an IP address, in any spelling; nothing is looked up
     */
    public boolean hasName(String host) {
        return names().stream().anyMatch(name -> matches(name, host));
    }

    private static boolean matches(String name, String host) {
        return name.equalsIgnoreCase(host)
                || NodeName.address(name)
                        .flatMap(one -> NodeName.address(host).filter(one::equals))
                        .isPresent();
    }

    /** The names in a certificate. */
    static List<String> names(X509Certificate certificate) {
        try {
            var found = certificate.getSubjectAlternativeNames();
            return found == null
                    ? List.of()
                    : found.stream()
                            .map(entry -> entry.get(1))
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .toList();
        } catch (GeneralSecurityException e) {
            return List.of();
        }
    }

    private static void requirePair(Path folder, X509Certificate certificate, PrivateKey key) {
        try {
            String algorithm = key.getAlgorithm().equals("EdDSA") ? "EdDSA" : "SHA256with" + signed(key.getAlgorithm());
            byte[] proof = folder.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(proof);
            byte[] made = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(proof);
            if (signature.verify(made)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidCredentialsException(folder.resolve(KEY) + ": cannot be used: " + e.getMessage(), e);
        }
        throw new InvalidCredentialsException(
                folder.resolve(KEY) + ": expected the key of " + CERTIFICATE + ", found another");
    }

    private static String signed(String keyAlgorithm) {
        return keyAlgorithm.equals("EC") ? "ECDSA" : keyAlgorithm;
    }

    private static SSLContext context(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry("node", key, new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, new char[0]);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                trusted.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new InvalidCredentialsException("certificates cannot be used: " + e.getMessage(), e);
        }
    }
}

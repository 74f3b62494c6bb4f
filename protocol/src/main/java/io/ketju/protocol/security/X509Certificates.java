package io.ketju.protocol.security;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Writes certificates, version 3 (RFC 5280), of keys on the curve P-256, signed with ECDSA and SHA-256: those of an
 * authority and those of nodes, and nothing else. The JDK reads and checks what this writes, and every certificate goes
 * through it once before anybody gets it.
 */
final class X509Certificates {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SIGNATURE_ALGORITHM = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final int SIGN_CERTIFICATES_AND_LISTS = 0x06;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /**
     * Who signs.
     *
     * @param subject its name, as its own certificate has it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Signer(byte[] subject, PublicKey publicKey, PrivateKey key) {}

    /** From when to when. */
    record Validity(Instant from, Instant until) {}

    private X509Certificates() {}

    static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    /** The name of an authority or of a node. */
    static byte[] subject(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
    }

    /** A certificate that the authority gives itself; it signs nodes, no other authorities. */
    static X509Certificate ofAuthority(Signer self, Validity validity) throws GeneralSecurityException {
        byte[] extensions = Der.sequence(
                extension("2.5.29.19", true, Der.sequence(Der.yes(), Der.integer(BigInteger.ZERO))),
                extension("2.5.29.15", true, Der.flags(SIGN_CERTIFICATES_AND_LISTS)),
                extension("2.5.29.14", false, Der.octets(identifier(self.publicKey()))));
        return signed(self.subject(), self.publicKey(), extensions, validity, self);
    }

    /** A node's certificate: it may accept and open connections under these names, and sign nothing. */
    static X509Certificate ofNode(List<String> names, PublicKey key, Validity validity, Signer authority)
            throws GeneralSecurityException {
        byte[][] alternatives =
                names.stream().map(X509Certificates::generalName).toArray(byte[][]::new);
        byte[] extensions = Der.sequence(
                extension("2.5.29.19", true, Der.sequence()),
                extension("2.5.29.15", true, Der.flags(DIGITAL_SIGNATURE)),
                extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2"))),
                extension("2.5.29.17", false, Der.sequence(alternatives)),
                extension("2.5.29.14", false, Der.octets(identifier(key))),
                extension("2.5.29.35", false, Der.sequence(Der.inContext(0, true, identifier(authority.publicKey())))));
        return signed(subject(names.getFirst()), key, extensions, validity, authority);
    }

    private static X509Certificate signed(
            byte[] subject, PublicKey key, byte[] extensions, Validity validity, Signer signer)
            throws GeneralSecurityException {
        byte[] body = Der.sequence(
                Der.inContext(0, false, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(127, RANDOM).setBit(126)),
                SIGNATURE_ALGORITHM,
                signer.subject(),
                Der.sequence(Der.time(validity.from()), Der.time(validity.until())),
                subject,
                key.getEncoded(),
                Der.inContext(3, false, extensions));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.key());
        signature.update(body);
        byte[] whole = Der.sequence(body, SIGNATURE_ALGORITHM, Der.bits(signature.sign()));
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        certificate.verify(signer.publicKey());
        return certificate;
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] generalName(String name) {
        return NodeName.address(name)
                .map(InetAddress::getAddress)
                .map(bytes -> Der.inContext(IP_ADDRESS, true, bytes))
                .orElseGet(() -> Der.inContext(DNS_NAME, true, name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Which key it is: the first 20 bytes of its digest (RFC 7093, method 1). */
    private static byte[] identifier(PublicKey key) throws GeneralSecurityException {
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 20);
    }
}

package io.ketju.protocol.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Certificates and keys as text (RFC 7468), in files of their owner alone. */
final class PemFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final int LONGEST = 1 << 20;
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";

    private PemFile() {}

    static String text(X509Certificate certificate) throws GeneralSecurityException {
        return text("CERTIFICATE", certificate.getEncoded());
    }

    static String text(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    private static String text(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /** Writes a file that nobody else can open, whole or not at all. It takes the place of one that is there. */
    static void write(Path path, String text) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, ".new", ".pem", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(fresh, text, StandardOpenOption.SYNC);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Makes a folder that nobody else can open, unless it is there. */
    static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OF_OWNER));
    }

    /** At least one. */
    static List<X509Certificate> certificates(Path path) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(read(path)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new InvalidCredentialsException(path + ": expected a certificate as PEM, found none");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new InvalidCredentialsException(path + ": expected certificates as PEM, found something else", e);
        }
    }

    /** The key of a certificate; refused if others may read it, or it is of another type than the certificate's. */
    static PrivateKey key(Path path, Certificate certificate) {
        requireOwnerOnly(path);
        String text = new String(read(path), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new InvalidCredentialsException(
                    path + ": expected a key as PEM (PKCS #8, 'BEGIN PRIVATE KEY'), found none");
        }
        Key owner = certificate.getPublicKey();
        try {
            byte[] content = Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
            return KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidCredentialsException(
                    path + ": expected a key of type " + owner.getAlgorithm() + ", found something else", e);
        }
    }

    private static void requireOwnerOnly(Path path) {
        try {
            KeyAccess found = KeyAccess.of(path);
            if (!found.narrow()) {
                throw new InvalidCredentialsException(
                        path + ": a key must be its owner's alone, found " + found + "; run chmod 600 " + path);
            }
        } catch (UnsupportedOperationException e) {
            throw new InvalidCredentialsException(path + ": the file system has no owner-only files", e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static byte[] read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] found = in.readNBytes(LONGEST + 1);
            if (found.length > LONGEST) {
                throw new InvalidCredentialsException(path + ": expected at most 1 MiB, found more");
            }
            return found;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static InvalidCredentialsException unreadable(Path path, IOException e) {
        String why = e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
        return new InvalidCredentialsException(
                path + ": cannot be read: " + why
                        + "; make certificates by: ketju certs new --out DIR --nodes NAME,...",
                e);
    }

    /** For messages: several names in one. */
    static String joined(List<String> names) {
        return names.stream().collect(Collectors.joining(", "));
    }
}

package io.ketju.protocol.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all processes of a cluster on one machine know and no other user of it does: 32 bytes. It is proved, never sent.
 * Thread-safe.
 */
public final class ClusterSecret {
    /** Its length in bytes, and that of a proof and of a nonce. */
    public static final int BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}\n?");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    private ClusterSecret(byte[] bytes) {
        key = new SecretKeySpec(bytes, MAC);
    }

    /** {@return a new one, that nobody knows yet} */
    public static ClusterSecret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new ClusterSecret(bytes);
    }

    /**
     * One that follows from something that is secret already, such as a private key: HKDF with SHA-256 (RFC 5869), no salt.
     *
     * @param material 16 bytes or more; stays the caller's
     * @param purpose secrets for different purposes tell nothing of each other
     * @return always the same of the same material and purpose
     * @throws IllegalArgumentException if the material is too short
     */
    public static ClusterSecret derived(byte[] material, String purpose) {
        if (material.length < 16) {
            throw new IllegalArgumentException(
                    "a secret is derived from 16 bytes or more, got " + material.length + " for " + purpose);
        }
        try {
            HKDFParameterSpec how = HKDFParameterSpec.ofExtract()
                    .addIKM(material)
                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), BYTES);
            return new ClusterSecret(KDF.getInstance("HKDF-SHA256").deriveData(how));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file itself, no symbolic link
     * @return the secret in it
     * @throws IOException with one line to show if there is no such file, if anybody but its owner may read or write it, or if
     *     something else is in it
     */
    public static ClusterSecret read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + ": no file with a cluster's secret");
        }
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(found)) {
            throw new IOException(file + ": a cluster's secret is for its owner alone (rw-------), found "
                    + PosixFilePermissions.toString(found) + "; delete the file and start the cluster anew");
        }
        String text;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = Channels.newInputStream(channel).readNBytes(2 * BYTES + 2);
            text = new String(bytes, StandardCharsets.US_ASCII);
        }
        if (!TEXT.matcher(text).matches()) {
            throw new IOException(file + ": a cluster's secret is " + 2 * BYTES
                    + " hexadecimal digits, found something else; delete the file and start the cluster anew");
        }
        return new ClusterSecret(HexFormat.of().parseHex(text.strip()));
    }

    /**
     * Writes it as a line of hexadecimal digits.
     *
     * @param file new, in a folder that is there; only its owner may read and write it
     * @throws IOException if there is one already, or it cannot be written
     */
    public void write(Path file) throws IOException {
        String text = HexFormat.of().formatHex(key.getEncoded()) + "\n";
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** {@return {@value #BYTES} random bytes that were never used before; the caller's} */
    public static byte[] nonce() {
        byte[] nonce = new byte[BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /**
     * HMAC-SHA-256 (RFC 2104) of some parts, each after its length: whoever makes it knows the secret, and no other parts
     * have the same.
     *
     * @param parts in an order that both sides know; each of any length, and the caller's
     * @return {@value #BYTES} bytes, the caller's
     */
    public byte[] proof(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + MAC, e);
        }
    }

    /**
     * {@return whether this is the {@link #proof} of the parts; it takes the same time wherever the two differ}
     *
     * @param offered by the other side; of any length
     * @param parts as this side knows them
     */
    public boolean isProof(byte[] offered, byte[]... parts) {
        return MessageDigest.isEqual(offered, proof(parts));
    }

    /** Not what it is. */
    @Override
    public String toString() {
        return "ClusterSecret";
    }
}

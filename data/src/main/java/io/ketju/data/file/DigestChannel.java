package io.ketju.data.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes bytes on to another channel, always all of them, and counts and hashes them on the way. Not thread-safe. */
public final class DigestChannel implements WritableByteChannel {
    private final WritableByteChannel out;
    private final MessageDigest sha256;
    private long length;

    /**
     * Passes bytes on.
     *
     * @param out where they go; it stays its owner's to close
     */
    public DigestChannel(WritableByteChannel out) {
        this.out = out;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** {@return a channel that only counts and hashes, and keeps nothing} */
    public static DigestChannel discarding() {
        return new DigestChannel(Channels.newChannel(OutputStream.nullOutputStream()));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int bytes = source.remaining();
        sha256.update(source.duplicate());
        while (source.hasRemaining()) {
            out.write(source);
        }
        length += bytes;
        return bytes;
    }

    /** {@return length and hash of the bytes so far; more may be written after it} */
    public FileDigest digest() {
        try {
            MessageDigest snapshot = (MessageDigest) sha256.clone();
            return new FileDigest(length, HexFormat.of().formatHex(snapshot.digest()));
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's SHA-256 can be cloned", e);
        }
    }

    @Override
    public boolean isOpen() {
        return out.isOpen();
    }

    /** Does nothing: the channel behind belongs to whoever opened it. */
    @Override
    public void close() {}
}

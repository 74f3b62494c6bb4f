package io.ketju.records.tensorboard;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of records, as TensorFlow's {@code record_writer.h} describes them: the length in 8 bytes, its masked checksum in 4, the
 * bytes, their masked checksum; all little-endian.
 */
final class EventFile implements AutoCloseable {
    private static final int MASK = 0xa282ead8;
    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private final OutputStream out;

    /** A new file; one that is there already is an error. */
    EventFile(Path file) throws IOException {
        out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    void append(byte[] record) throws IOException {
        ByteBuffer head =
                ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length);
        head.putInt(masked(head.array(), Long.BYTES));
        ByteBuffer tail = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        tail.putInt(masked(record, record.length));
        out.write(head.array());
        out.write(record);
        out.write(tail.array());
    }

    /** A checksum of bytes that hold checksums is weak, so it is rotated and moved. */
    static int masked(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

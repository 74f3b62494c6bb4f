package io.ketju.data.idx;

import io.ketju.data.BadDataException;
import io.ketju.data.file.Spill;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipException;

/**
 * Reads IDX files of unsigned bytes (format: the page of the MNIST database, Y. LeCun, C. Cortes, C. Burges).
 *
 * <pre>
 * offset  size
 *      0     2   zero
 *      2     1   element type: 08 unsigned byte, 09 byte, 0B short, 0C int, 0D float, 0E double
 *      3     1   number of dimensions d
 *      4    4d   dimensions, big-endian
 *   4+4d         elements, row-major, nothing after them
 * </pre>
 */
public final class IdxReader {
    /** Most elements of a file of images that is not held. */
    private static final long MAX_MAPPED = 1L << 32;

    private static final int CHUNK_BYTES = 1 << 20;

    /** Most elements of a file of images that is held; MNIST has 47 million. */
    public static final int MAX_ELEMENTS = 1 << 30;

    /** Most labels; ImageNet has 1.3 million. */
    public static final int MAX_LABELS = 1 << 24;

    private static final int UNSIGNED_BYTE = 0x08;

    private final InputStream in;
    private final String source;
    private final MessageDigest md5;
    private long offset;

    private IdxReader(InputStream in, String source) {
        this.in = in;
        this.source = source;
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has MD5", e);
        }
    }

    /**
     * Reads a whole file, already unpacked, to its end; does not close the stream. Memory grows with the bytes
     * received, never with the bytes that a header promises.
     *
     * @param in at the first byte of the header
     * @param source what errors call the file
     * @param rank the number of dimensions that is wanted
     * @return the elements, on the heap
     * @throws BadDataException at the first byte that is not as it must be
     */
    public static IdxArray read(InputStream in, String source, int rank) {
        return new IdxReader(in, source).read(rank);
    }

    /**
     * Maps a plain file: its elements stay there and are read when they are wanted. Throws as {@link #read} does; the file must
     * not change afterwards.
     */
    static IdxArray map(Path file, int rank) {
        String source = file.toString();
        try (FileChannel channel = FileChannel.open(file);
                InputStream in = Channels.newInputStream(channel)) {
            IdxReader reader = new IdxReader(in, source);
            int[] dimensions = reader.header(rank, MAX_MAPPED).dimensions();
            long begin = reader.offset;
            long end = begin + reader.elements(dimensions, MAX_MAPPED);
            if (channel.size() != end) {
                boolean more = channel.size() > end;
                throw BadDataException.atByte(
                        source,
                        Math.min(end, channel.size()),
                        more
                                ? "the end of the file after " + Arrays.toString(dimensions)
                                : elementsOf(dimensions) + " up to byte " + end,
                        more ? "more bytes" : "the end of the file (truncated)");
            }
            MemorySegment elements = channel.map(FileChannel.MapMode.READ_ONLY, begin, end - begin, Arena.ofAuto());
            for (long from = 0; from < elements.byteSize(); from += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, elements.byteSize() - from);
                reader.md5.update(elements.asSlice(from, length).asByteBuffer());
            }
            return new IdxArray(source, dimensions, elements, HexFormat.of().formatHex(reader.md5.digest()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /**
     * Reads a packed file whose elements are not held: they go to a temporary file without a name, and are read there when they are
     * wanted. Throws as {@link #read} does, and if the temporary file cannot be written.
     */
    static IdxArray spill(InputStream in, String source, int rank) {
        return new IdxReader(in, source).spill(rank);
    }

    /** Reads the header alone; throws as {@link #read} does. */
    static IdxHeader readHeader(InputStream in, String source, int rank) {
        return new IdxReader(in, source).header(rank, MAX_MAPPED);
    }

    private IdxHeader header(int rank, long mostOfImages) {
        checkMagic(rank);
        int[] dimensions = readDimensions(rank);
        elements(dimensions, mostOfImages);
        return new IdxHeader(source, dimensions);
    }

    private IdxArray read(int rank) {
        int[] dimensions = header(rank, MAX_ELEMENTS).dimensions();
        int elements = (int) elements(dimensions, MAX_ELEMENTS);
        byte[] bytes = take(elements, elementsOf(dimensions));
        requireEnd(dimensions);
        return array(dimensions, MemorySegment.ofArray(bytes));
    }

    private IdxArray spill(int rank) {
        int[] dimensions = header(rank, MAX_MAPPED).dimensions();
        long end = offset + elements(dimensions, MAX_MAPPED);
        try (Spill spill = new Spill(0)) {
            while (offset < end) {
                spill.write(take((int) Math.min(CHUNK_BYTES, end - offset), elementsOf(dimensions), end));
            }
            requireEnd(dimensions);
            return array(dimensions, spill.finish());
        }
    }

    private static String elementsOf(int[] dimensions) {
        return "elements " + Arrays.toString(dimensions);
    }

    private IdxArray array(int[] dimensions, MemorySegment elements) {
        return new IdxArray(source, dimensions, elements, HexFormat.of().formatHex(md5.digest()));
    }

    private void requireEnd(int[] dimensions) {
        long end = offset;
        if (receive(1).length != 0) {
            throw BadDataException.atByte(
                    source, end, "the end of the file after " + Arrays.toString(dimensions), "more bytes");
        }
    }

    private void checkMagic(int rank) {
        int magic = ByteBuffer.wrap(take(Integer.BYTES, "IDX magic")).getInt();
        int expected = UNSIGNED_BYTE << 8 | rank;
        if (magic != expected) {
            throw BadDataException.atByte(
                    source,
                    0,
                    "IDX magic %08x (unsigned bytes, rank %d)".formatted(expected, rank),
                    "%08x%s".formatted(magic, meaning(magic)));
        }
    }

    private static String meaning(int magic) {
        String type = switch (magic >>> 8) {
            case 0x08 -> "unsigned bytes";
            case 0x09 -> "signed bytes";
            case 0x0B -> "shorts";
            case 0x0C -> "ints";
            case 0x0D -> "floats";
            case 0x0E -> "doubles";
            case 0x1F8B08 -> "gzip";
            default -> "";
        };
        if (type.equals("gzip")) {
            return " (gzip: the file's name should end in .gz)";
        }
        return type.isEmpty() ? "" : " (" + type + ", rank " + (magic & 0xFF) + ")";
    }

    private int[] readDimensions(int rank) {
        int[] dimensions = new int[rank];
        for (int i = 0; i < rank; i++) {
            long at = offset;
            int dimension =
                    ByteBuffer.wrap(take(Integer.BYTES, "dimension " + i)).getInt();
            if (dimension <= 0) {
                throw BadDataException.atByte(
                        source,
                        at,
                        "dimension " + i + " of at least 1",
                        dimension == 0 ? "0 (no items)" : Integer.toUnsignedString(dimension) + " (over 2^31-1)");
            }
            dimensions[i] = dimension;
        }
        return dimensions;
    }

    private long elements(int[] dimensions, long mostOfImages) {
        long most = dimensions.length == 1 ? MAX_LABELS : mostOfImages;
        long product = 1;
        for (int dimension : dimensions) {
            // Factors below 2^31 after a product of at most this: cannot overflow.
            product *= dimension;
            if (product > most) {
                throw BadDataException.atByte(
                        source,
                        Integer.BYTES,
                        "at most 2^" + Long.numberOfTrailingZeros(most) + " elements",
                        "dimensions " + Arrays.toString(dimensions));
            }
        }
        return product;
    }

    private byte[] take(int length, String what) {
        return take(length, what, offset + length);
    }

    /** The next bytes of what ends there. */
    private byte[] take(int length, String what, long end) {
        byte[] bytes = receive(length);
        if (bytes.length < length) {
            throw BadDataException.atByte(
                    source,
                    offset,
                    what + " up to byte " + end,
                    offset == 0 ? "an empty file" : "the end of the file (truncated)");
        }
        md5.update(bytes);
        return bytes;
    }

    private byte[] receive(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            offset += bytes.length;
            return bytes;
        } catch (EOFException e) {
            throw BadDataException.atByte(source, offset, "more gzip data", "the end of the file (truncated)");
        } catch (ZipException e) {
            throw BadDataException.atByte(source, offset, "intact gzip data", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}

package io.ketju.report.page;

import io.ketju.report.figure.Tile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A tile as PNG (ISO/IEC 15948) in the page itself. The JDK's writer is not used: to load it takes longer than all else here, which
 * every run would wait for.
 */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private Png() {}

    /** {@code data:image/png;base64,...}. */
    static String url(Tile tile, int rows, int columns) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes(tile, rows, columns));
    }

    static byte[] bytes(Tile tile, int rows, int columns) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(columns).putInt(rows);
        // Eight bits a channel, red green blue; the usual compression and filter; not interlaced.
        header.put(new byte[] {8, 2, 0, 0, 0});
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", packed(tile, rows, columns));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] packed(Tile tile, int rows, int columns) {
        byte[] lines = new byte[rows * (1 + 3 * columns)]; // each behind a 0: not filtered
        int at = 0;
        for (int row = 0; row < rows; row++) {
            at++;
            for (int column = 0; column < columns; column++) {
                int rgb = tile.rgb()[row * columns + column];
                lines[at++] = (byte) (rgb >> 16);
                lines[at++] = (byte) (rgb >> 8);
                lines[at++] = (byte) rgb;
            }
        }
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(lines);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] part = new byte[4096];
            while (!deflater.finished()) {
                packed.write(part, 0, deflater.deflate(part));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream png, String name, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(body);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}

package io.ketju.data.text;

import io.ketju.data.BadDataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The characters of bytes in UTF-8, some at a time: what {@link TextFile#read} gives at once, without a byte order mark and with
 * lines that end in a line feed.
 */
final class TextReader extends Reader {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final String source;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer decoded = CharBuffer.allocate(BUFFER).flip();
    /** Bytes that were decoded. */
    private long taken;

    private boolean ended;
    private boolean begun;
    /** A carriage return, which is given only if no line feed follows. */
    private boolean held;

    /**
     * @param in unpacked; closed with this
     * @param source what errors call it
     */
    TextReader(InputStream in, String source) {
        this.in = in;
        this.source = source;
    }

    /** Fills the places of an array, unless the text ends before; returns how many characters there were, -1 behind the end. */
    @Override
    public int read(char[] target, int offset, int most) throws IOException {
        int count = offset;
        while (count < offset + most) {
            if (!decoded.hasRemaining() && !fill()) {
                if (held) {
                    target[count++] = '\r';
                    held = false;
                }
                break;
            }
            char next = decoded.get();
            boolean mark = !begun && next == '\uFEFF';
            begun = true;
            if (held && next != '\n') {
                // What comes behind it is looked at again.
                decoded.position(decoded.position() - 1);
                target[count++] = '\r';
                held = false;
            } else if (next == '\r') {
                held = true;
            } else if (!mark) {
                target[count++] = next;
                held = false;
            }
        }
        return count == offset && most > 0 ? -1 : count - offset;
    }

    private boolean fill() throws IOException {
        decoded.clear();
        while (decoded.position() == 0 && !(ended && !bytes.hasRemaining())) {
            if (!ended) {
                bytes.compact();
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                ended = read < 0;
                bytes.position(bytes.position() + Math.max(0, read)).flip();
            }
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, decoded, ended);
            taken += bytes.position() - before;
            if (result.isError()) {
                throw BadDataException.atByte(source, taken, "text in UTF-8", "other bytes");
            }
        }
        decoded.flip();
        return decoded.hasRemaining();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package io.ketju.tensor.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Queue;

/** Memory that lives until much more has been asked for: longer than any one test needs it. */
final class TestMemory {
    private static final long MOST_BYTES = 512 << 20;

    private record Piece(Arena arena, long bytes) {}

    private static final Queue<Piece> PIECES = new ArrayDeque<>();
    private static long total;

    private TestMemory() {}

    /** Zeros; a use after the oldest pieces were closed throws. */
    static synchronized MemorySegment allocate(long bytes) {
        while (total + bytes > MOST_BYTES && !PIECES.isEmpty()) {
            Piece oldest = PIECES.remove();
            oldest.arena.close();
            total -= oldest.bytes;
        }
        Piece piece = new Piece(Arena.ofShared(), bytes);
        PIECES.add(piece);
        total += bytes;
        return piece.arena.allocate(bytes, 64);
    }
}

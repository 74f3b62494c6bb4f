package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.MatrixKernels.K_BLOCK;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.PanelProduct.Block;
import io.ketju.tensor.kernel.PanelProduct.Mode;
import io.ketju.tensor.kernel.PanelProduct.Rows;
import io.ketju.tensor.kernel.PanelProduct.Size;
import io.ketju.tensor.kernel.PanelProduct.Target;
import io.ketju.tensor.memory.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * A convolution as a matrix product per sample: weights [m, taps] times columns [taps, positions]. At a stride of 1 the
 * columns are read where they lie in a {@link TapImage}, else packed from it. Pieces of samples run side by side.
 *
 * @param layout how a sample is read
 * @param rows the weights, one row of taps per plane of the result
 * @param planes planes of the result (m)
 * @param positions elements of one plane of the result
 */
record ColumnProduct(TapImage layout, Rows rows, int planes, int positions) {
    private static final long BYTES = Float.BYTES;
    /** Positions of one piece: one K-block of their columns is 1 MiB at most. */
    private static final int PIECE = 1024;

    /** Overwrites the result [batch, planes, positions]; bias [planes] or null. */
    void run(TileRunner tiles, int batch, MemorySegment source, @Nullable MemorySegment bias, MemorySegment result) {
        // Whole rows of positions, of about the size wanted.
        int rows = Math.max(1, PIECE / layout.rowLength());
        int piece = rows * layout.rowLength();
        int pieces = Math.ceilDiv(positions, piece);
        tiles.parallel(batch * pieces, part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            int sample = part / pieces;
            int p = part % pieces * piece;
            MemorySegment image = scratch.allocate(layout.bytes());
            layout.fill(source, sample * layout.sourceBytes(), image);
            long at = ((long) sample * planes * positions + p) * BYTES;
            Target target = new Target(result, at, positions * BYTES);
            int n = Math.min(piece, positions - p);
            if (layout.step() == 1) {
                direct(scratch, image, p, n, target);
            } else {
                packed(scratch, new ColumnPacking(layout, image), p, n, target);
            }
            if (bias != null) {
                addBias(bias, target, n);
            }
            scratch.release(mark);
        });
    }

    /**
     * Neighbouring positions are neighbours in the image, so no columns are packed: the rows of positions are computed
     * as one, with what stands between them, and copied out of it.
     */
    private void direct(Scratch scratch, MemorySegment image, int p, int n, Target target) {
        int taps = layout.taps();
        int rows = n / layout.rowLength();
        int span = (rows - 1) * layout.pitch() + layout.rowLength();
        Tile tile = new Tile(scratch);
        tile.taps = scratch.allocate((long) Math.min(taps, K_BLOCK) * Long.BYTES);
        MemorySegment spread = scratch.allocate(((long) planes * span + LANES) * BYTES);
        Target wide = new Target(spread, 0, span * BYTES);
        for (int k = 0; k < taps; k += K_BLOCK) {
            int length = Math.min(K_BLOCK, taps - k);
            layout.distances(k, length, tile.taps);
            Mode mode = k == 0 ? Mode.OVERWRITE : Mode.ADD;
            Block columns = new Block(image, layout.position(p) * BYTES, length);
            PanelProduct.runTaps(tile, this.rows.from(0, k), columns, wide, new Size(planes, span), mode);
        }
        for (int plane = 0; plane < planes; plane++) {
            Target from = wide.from(plane, 0);
            gather(from, new Target(target.memory(), target.offset() + plane * target.stride(), 0), rows);
        }
    }

    /** Copies rows of positions out of the rows of the image that they were computed in. */
    private void gather(Target wide, Target plane, int rows) {
        int width = layout.rowLength();
        int vectors = Math.ceilDiv(width, LANES) * LANES;
        long pitch = layout.pitch() * BYTES;
        for (int row = 0; row < rows; row++) {
            long from = wide.offset() + row * pitch;
            long to = plane.offset() + (long) row * width * BYTES;
            if ((rows - row) * width < vectors || row == rows - 1) {
                PanelProduct.copyRow(wide.memory(), from, plane.memory(), to, width);
                continue;
            }
            // Whole vectors: what they overrun is written next.
            for (int i = 0; i < width; i += LANES) {
                FloatVector.fromMemorySegment(SPECIES, wide.memory(), from + i * BYTES, ORDER)
                        .intoMemorySegment(plane.memory(), to + i * BYTES, ORDER);
            }
        }
    }

    private void packed(Scratch scratch, ColumnPacking columns, int p, int n, Target target) {
        int taps = layout.taps();
        Tile tile = new Tile(scratch);
        MemorySegment packed = scratch.allocate(Panels.bytes(n, Math.min(taps, K_BLOCK)) + ColumnPacking.SLACK);
        for (int k = 0; k < taps; k += K_BLOCK) {
            int length = Math.min(K_BLOCK, taps - k);
            columns.pack(k, length, p, n, packed);
            Mode mode = k == 0 ? Mode.OVERWRITE : Mode.ADD;
            PanelProduct.run(tile, rows.from(0, k), new Block(packed, 0, length), target, new Size(planes, n), mode);
        }
    }

    private void addBias(MemorySegment bias, Target target, int n) {
        for (int plane = 0; plane < planes; plane++) {
            float value = bias.get(Tile.FLOAT, plane * BYTES);
            PanelProduct.addScalar(value, target.memory(), target.offset() + plane * target.stride(), n);
        }
    }
}

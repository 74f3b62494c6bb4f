package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.VectorMemory;

/**
 * The weights of as many planes as a vector has lanes, in the order in which {@link DepthwiseRow} reads them: by grid, a
 * vector per tap and one that is added to the sums.
 */
final class PlaneWeights {
    private static final long BYTES = Float.BYTES;

    private final DepthwiseLayout layout;
    private final int groups;
    private final PlaneEpilogue epilogue;
    /** Weights of one plane: those of all channels. */
    private final int row;
    /** All weights by their places. */
    private final long all;
    /** Where those of each grid start. */
    private final long[] grids;

    PlaneWeights(DepthwiseLayout layout, Scratch scratch, int groups, PlaneEpilogue epilogue) {
        this.layout = layout;
        this.groups = groups;
        this.epilogue = epilogue;
        row = layout.weights();
        all = scratch.address(row * VECTOR);
        VectorMemory.clear(all, row * VECTOR);
        grids = new long[layout.grids.length];
        for (int i = 0; i < grids.length; i++) {
            grids[i] = scratch.address((layout.weights(i).length + 1) * VECTOR);
        }
    }

    /** Where the weights of a grid are. */
    long of(int grid) {
        return grids[grid];
    }

    /**
     * Fetches the weights of a result of some planes.
     *
     * @param weights address of [groups, results, row]
     */
    void load(long weights, int plane, int count, int result, long buffer) {
        long stride = (long) layout.results * row * BYTES;
        long first = weights + (long) result * row * BYTES;
        int group = plane % groups;
        if (group + count <= groups) {
            new MatrixTransposition(count, row, stride, VECTOR).run(first + group * stride, all, buffer);
        } else {
            for (int lane = 0; lane < count; lane++) {
                lane(first + (plane + lane) % groups * stride, all + lane * BYTES);
            }
        }
        for (int i = 0; i < grids.length; i++) {
            int[] places = layout.weights(i);
            for (int k = 0; k < places.length; k++) {
                store(VectorMemory.load(all + places[k] * VECTOR), grids[i] + k * VECTOR);
            }
            adds(plane, result, grids[i] + places.length * VECTOR);
        }
    }

    private void lane(long from, long to) {
        for (int k = 0; k < row; k++) {
            VectorMemory.set(to + k * VECTOR, VectorMemory.get(from + k * BYTES));
        }
    }

    /** What is added to the sums; never -0, which a sum of zeros never is either. */
    private void adds(int plane, int result, long to) {
        for (int lane = 0; lane < LANES; lane++) {
            int channel = (plane + lane) % groups * layout.results + result;
            VectorMemory.set(to + lane * BYTES, epilogue.add(channel) + 0.0f);
        }
    }
}

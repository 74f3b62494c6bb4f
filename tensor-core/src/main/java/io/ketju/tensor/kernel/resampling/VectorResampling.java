package io.ketju.tensor.kernel.resampling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;

/** Resampling, planes side by side: rows as vectors, columns through {@link ColumnTaps}. */
public final class VectorResampling implements ResamplingKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorResampling(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** Addresses of planes of x and y, or of their gradients, and the columns of the map or what leads back. */
    private record Planes(PlaneMap map, ColumnTaps columns, float value, long x, long y) {
        long x(int plane, int row) {
            int size = map.columns().size();
            return x + 4L * size * ((long) plane * map.rows().size() + row);
        }

        long y(int plane, int row) {
            int count = map.columns().count();
            return y + 4L * count * ((long) plane * map.rows().count() + row);
        }

        /** Each row of y is one of x: where the row before is the same, a copy of that. */
        void copyRows(int plane) {
            AxisMap rows = map.rows();
            for (int i = 0; i < rows.count(); i++) {
                int source = rows.source(i, 0);
                long to = y(plane, i);
                if (source == AxisMap.NONE) {
                    fill(to);
                } else if (i > 0 && source == rows.source(i - 1, 0)) {
                    VectorMemory.copy(y(plane, i - 1), to, 4L * map.columns().count());
                } else {
                    take(x(plane, source), to);
                }
            }
        }

        private void take(long row, long to) {
            if (map.columns().taps() == 1) {
                columns.take(row, to, value);
            } else {
                columns.sum(row, to);
            }
        }

        private void fill(long to) {
            FloatVector vector = FloatVector.broadcast(SPECIES, value);
            for (int j = 0; j < map.columns().count(); j += LANES) {
                store(vector, to + 4L * j, first(map.columns().count() - j));
            }
        }

        /** Each row of y is a sum of rows of x, whose columns are taken before. */
        void sumRows(int plane, long taken) {
            AxisMap rows = map.rows();
            for (int row = 0; row < rows.size(); row++) {
                take(x(plane, row), taken + row * vectors());
            }
            for (int i = 0; i < rows.count(); i++) {
                long to = y(plane, i);
                for (int j = 0; j < map.columns().count(); j += LANES) {
                    long from = taken + 4L * j;
                    FloatVector sum = FloatVector.zero(SPECIES);
                    for (int tap = 0; tap < rows.taps(); tap++) {
                        FloatVector weight = FloatVector.broadcast(SPECIES, rows.weight(i, tap));
                        sum = load(from + rows.source(i, tap) * vectors()).fma(weight, sum);
                    }
                    store(sum, to + 4L * j, first(map.columns().count() - j));
                }
            }
        }

        /** Bytes of a row of y in whole vectors. */
        long vectors() {
            return VECTOR * Math.ceilDiv(map.columns().count(), LANES);
        }

        void backward(int plane, Takers takers, long sums) {
            for (int row = 0; row < map.rows().size(); row++) {
                int begin = takers.begin(row);
                boolean one = takers.end(row) == begin + 1 && takers.weight(begin) == 1;
                long from = one ? y(plane, takers.taker(begin)) : sums;
                if (!one) {
                    sum(plane, takers, row, sums);
                }
                columns.sum(from, x(plane, row));
            }
        }

        private void sum(int plane, Takers takers, int row, long sums) {
            for (int j = 0; j < map.columns().count(); j += LANES) {
                FloatVector sum = FloatVector.zero(SPECIES);
                for (int i = takers.begin(row); i < takers.end(row); i++) {
                    long from = y(plane, takers.taker(i)) + 4L * j;
                    FloatVector weight = FloatVector.broadcast(SPECIES, takers.weight(i));
                    sum = load(from, first(map.columns().count() - j)).fma(weight, sum);
                }
                store(sum, sums + 4L * j);
            }
        }

        int most() {
            return Math.max(
                    map.rows().size() * map.columns().size(),
                    map.rows().count() * map.columns().count());
        }
    }

    /** What makes one plane of another, given their addresses. */
    private interface OfPlane {
        void run(long from, long to);
    }

    private void windows(Tensor x, Tensor y, OfPlane each) {
        int planes = x.shape().dimension(0) * x.shape().dimension(1);
        int ofX = planes == 0 ? 0 : x.elements() / planes;
        int ofY = planes == 0 ? 0 : y.elements() / planes;
        long in = VectorMemory.address(x);
        long out = VectorMemory.address(y);
        Ranges.rows(tiles, planes, Math.max(ofX, ofY), (from, to) -> {
            for (int plane = from; plane < to; plane++) {
                each.run(in + 4L * plane * ofX, out + 4L * plane * ofY);
            }
        });
    }

    @Override
    public void forward(PlaneMap map, float value, Tensor x, Tensor y) {
        map.require(x, y);
        PlaneWindow window = PlaneWindow.of(map);
        if (window != null) {
            windows(x, y, (from, to) -> window.take(from, to, value));
            return;
        }
        Scratch own = tiles.scratch();
        long start = own.mark();
        ColumnTaps columns = new ColumnTaps(map.columns(), own);
        Planes planes = new Planes(map, columns, value, VectorMemory.address(x), VectorMemory.address(y));
        boolean sums = map.rows().taps() > 1;
        Ranges.rows(tiles, x.shape().dimension(0) * x.shape().dimension(1), planes.most(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long taken = sums ? scratch.address(planes.vectors() * map.rows().size()) : 0;
            for (int plane = from; plane < to; plane++) {
                if (sums) {
                    planes.sumRows(plane, taken);
                } else {
                    planes.copyRows(plane);
                }
            }
            scratch.release(mark);
        });
        own.release(start);
    }

    @Override
    public void backward(PlaneMap map, Tensor dy, Tensor dx) {
        map.require(dx, dy);
        PlaneWindow window = PlaneWindow.of(map);
        if (window != null) {
            windows(dy, dx, window.back()::sum);
            return;
        }
        Scratch own = tiles.scratch();
        long start = own.mark();
        ColumnTaps columns = new ColumnTaps(new Takers(map.columns()).transposed(), own);
        Planes planes = new Planes(map, columns, 0, VectorMemory.address(dx), VectorMemory.address(dy));
        Takers takers = new Takers(map.rows());
        Ranges.rows(tiles, dx.shape().dimension(0) * dx.shape().dimension(1), planes.most(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long sums = scratch.address(planes.vectors());
            for (int plane = from; plane < to; plane++) {
                planes.backward(plane, takers, sums);
            }
            scratch.release(mark);
        });
        own.release(start);
    }
}

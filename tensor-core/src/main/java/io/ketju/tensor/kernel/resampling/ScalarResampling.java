package io.ketju.tensor.kernel.resampling;

import io.ketju.tensor.Tensor;

/** Resampling as it is defined, one element at a time. */
public final class ScalarResampling implements ResamplingKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarResampling() {}

    @Override
    public void forward(PlaneMap map, float value, Tensor x, Tensor y) {
        map.require(x, y);
        AxisMap rows = map.rows();
        AxisMap columns = map.columns();
        int planes = x.shape().dimension(0) * x.shape().dimension(1);
        int at = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < rows.count(); i++) {
                for (int j = 0; j < columns.count(); j++) {
                    boolean none = rows.source(i, 0) == AxisMap.NONE || columns.source(j, 0) == AxisMap.NONE;
                    y.setFloat(at++, none ? value : sum(map, x, plane * rows.size(), i, j));
                }
            }
        }
    }

    private static float sum(PlaneMap map, Tensor x, int firstRow, int i, int j) {
        AxisMap rows = map.rows();
        if (rows.taps() == 1) {
            return ofRow(map.columns(), x, firstRow + rows.source(i, 0), j);
        }
        float sum = 0;
        for (int tap = 0; tap < rows.taps(); tap++) {
            sum = Math.fma(rows.weight(i, tap), ofRow(map.columns(), x, firstRow + rows.source(i, tap), j), sum);
        }
        return sum;
    }

    private static float ofRow(AxisMap columns, Tensor x, int row, int j) {
        int base = row * columns.size();
        if (columns.taps() == 1) {
            return x.getFloat(base + columns.source(j, 0));
        }
        float sum = 0;
        for (int tap = 0; tap < columns.taps(); tap++) {
            sum = Math.fma(columns.weight(j, tap), x.getFloat(base + columns.source(j, tap)), sum);
        }
        return sum;
    }

    @Override
    public void backward(PlaneMap map, Tensor dy, Tensor dx) {
        map.require(dx, dy);
        AxisMap rows = map.rows();
        int planes = dx.shape().dimension(0) * dx.shape().dimension(1);
        dx.clear();
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row < rows.size(); row++) {
                float[] sums = sums(map, dy, plane * rows.count(), row);
                scatter(
                        map.columns(),
                        sums,
                        dx,
                        (plane * rows.size() + row) * map.columns().size());
            }
        }
    }

    /** What the rows of a plane of dy that took from this row of x give it, column by column. */
    private static float[] sums(PlaneMap map, Tensor dy, int firstRow, int row) {
        AxisMap rows = map.rows();
        float[] sums = new float[map.columns().count()];
        for (int i = 0; i < rows.count(); i++) {
            for (int tap = 0; tap < rows.taps(); tap++) {
                for (int j = 0; rows.source(i, tap) == row && j < sums.length; j++) {
                    sums[j] = Math.fma(rows.weight(i, tap), dy.getFloat((firstRow + i) * sums.length + j), sums[j]);
                }
            }
        }
        return sums;
    }

    private static void scatter(AxisMap columns, float[] sums, Tensor dx, int base) {
        for (int j = 0; j < sums.length; j++) {
            for (int tap = 0; tap < columns.taps(); tap++) {
                int source = columns.source(j, tap);
                if (source != AxisMap.NONE) {
                    float sum = dx.getFloat(base + source);
                    dx.setFloat(base + source, Math.fma(columns.weight(j, tap), sums[j], sum));
                }
            }
        }
    }
}

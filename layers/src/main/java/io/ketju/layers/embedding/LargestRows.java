package io.ketju.layers.embedding;

import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.indexing.GatherShape;
import java.util.OptionalInt;

/** The largest of the rows of each sample, column by column; what is kept is which row it was. */
record LargestRows(OptionalInt padding) {
    private static final int[] COLUMNS_OUT = {0, 2, 1};

    /** Overwrites y [samples, d] and what is kept; the rows are in the first workspace. */
    void forward(Pass pass, Tensor tokens, Tensor y) {
        Kernels kernels = pass.kernels();
        Tensor rows = pass.workspace(0);
        for (int i = 0; i < tokens.elements(); i++) {
            if (isPadding(tokens.getInt(i))) {
                kernels.elementwise().fill(Float.NEGATIVE_INFINITY, rows.samples(i, 1));
            }
        }
        int samples = y.shape().dimension(0);
        int columns = y.shape().dimension(1);
        int size = tokens.shape().dimension(1);
        Tensor moved = pass.workspace(1).view(Shape.of(samples, columns, size));
        kernels.indexing().permute(rows.view(Shape.of(samples, size, columns)), moved, COLUMNS_OUT);
        kernels.indexing().argmax(moved.view(Shape.of(samples * columns, size)), pass.kept(0));
        kernels.indexing().gather(picks(y, size), rows, pass.kept(0), y);
        for (int s = 0; s < samples; s++) {
            // The largest of a bag that is not empty is a token's, unless that is minus infinity itself.
            if (isPadding(tokens.getInt(s * size + pass.kept(0).getInt(s * columns)))) {
                y.samples(s, 1).clear();
            }
        }
    }

    private boolean isPadding(int token) {
        return padding.isPresent() && padding.getAsInt() == token;
    }

    /** Overwrites the gradient of the rows. */
    void gradientOfRows(Pass pass, Tensor gradRows) {
        Tensor gradOutput = pass.gradOutput(0);
        gradRows.clear();
        int size = gradRows.elements() / gradOutput.elements();
        pass.kernels().indexing().scatterAdd(picks(gradOutput, size), gradOutput, pass.kept(0), gradRows);
    }

    private static GatherShape picks(Tensor y, int size) {
        return new GatherShape(y.shape().dimension(0), size, 1, y.shape().dimension(1));
    }
}

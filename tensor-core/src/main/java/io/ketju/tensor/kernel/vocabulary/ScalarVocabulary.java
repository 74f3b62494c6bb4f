package io.ketju.tensor.kernel.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LogisticLoss;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.LaneSum;

/** Plain loops: the definition that the vector kernels are tested against. */
public final class ScalarVocabulary implements VocabularyKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarVocabulary() {}

    @Override
    public void draw(TokenShares shares, CounterRandom random, long first, Tensor tokens) {
        for (int i = 0; i < tokens.elements(); i++) {
            tokens.setInt(i, shares.token(random.below(first + i, TokenShares.NUMBERS)));
        }
    }

    @Override
    public void choose(Choices choices, Tensor starts, Tensor chosen, Tensor labels) {
        choices.require(starts, chosen, labels);
        int each = choices.each();
        int others = choices.othersOfEach();
        int count = 0;
        starts.setInt(0, 0);
        for (int i = 0; i < choices.targets().elements(); i++) {
            int target = choices.targets().getInt(i);
            if (!choices.leavesOut(target)) {
                chosen.setInt(count, target);
                labels.setFloat(count++, 1);
                for (int j = 0; j < others; j++) {
                    int other = choices.others().getInt(i * others + j);
                    if (other != target) {
                        chosen.setInt(count, other);
                        labels.setFloat(count++, 0);
                    }
                }
            }
            if ((i + 1) % each == 0) {
                starts.setInt((i + 1) / each, count);
            }
        }
    }

    @Override
    public void score(CsrMatrix a, Tensor labels, Tensor x, Tensor table, Tensor losses) {
        int width = VocabularyChecks.score(a, labels, x, table, losses);
        for (int row = 0; row < a.rows(); row++) {
            double sum = 0;
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                float score = dot(x, row * width, table, a.columnIndexes().getInt(e) * width, width);
                sum += LogisticLoss.loss(score, labels.getFloat(e));
                a.values().setFloat(e, LogisticLoss.slope(score, labels.getFloat(e)));
            }
            losses.setFloat(row, (float) sum);
        }
    }

    private static float dot(Tensor x, int first, Tensor table, int other, int width) {
        float[] lanes = new float[LaneSum.LANES];
        for (int i = 0; i < width; i++) {
            int lane = i % LaneSum.LANES;
            lanes[lane] = Math.fma(x.getFloat(first + i), table.getFloat(other + i), lanes[lane]);
        }
        return LaneSum.fold(lanes);
    }

    @Override
    public void scale(CsrMatrix a, Tensor slopes, Tensor factors) {
        VocabularyChecks.scale(a, slopes, factors);
        for (int row = 0; row < a.rows(); row++) {
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                a.values().setFloat(e, slopes.getFloat(e) * factors.getFloat(row));
            }
        }
    }
}

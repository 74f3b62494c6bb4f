package io.ketju.examples.scorefunction;

/** What the two losses say about the scores of one sample, as plainly as their formulas. */
final class Scores {
    private Scores() {}

    // region losses
    /** The sum over the wrong classes of max(0, s_j - s_y + 1). */
    static double hinge(float[] scores, int right) {
        double sum = 0;
        for (int j = 0; j < scores.length; j++) {
            sum += j == right ? 0 : Math.max(0, (double) scores[j] - scores[right] + 1);
        }
        return sum;
    }

    /** e^s_k / Σ e^s_j; the largest score is taken off first, which changes nothing but keeps e^s from overflowing. */
    static double[] softmax(float[] scores) {
        double most = Double.NEGATIVE_INFINITY;
        for (float score : scores) {
            most = Math.max(most, score);
        }
        double[] shares = new double[scores.length];
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            shares[k] = StrictMath.exp(scores[k] - most);
            sum += shares[k];
        }
        for (int k = 0; k < scores.length; k++) {
            shares[k] /= sum;
        }
        return shares;
    }

    /** -ln of the probability of the right class. */
    static double crossEntropy(float[] scores, int right) {
        return -StrictMath.log(softmax(scores)[right]);
    }
    // end region
}

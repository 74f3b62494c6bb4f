package io.ketju.tensor.kernel.normalization;

/**
 * The numbers of one plane's gradient {@code dx = fma(-k, x - mean, fma(scale, g, -c))}. Computed in double from the
 * sums, rounded once.
 */
record Coefficients(float mean, float scale, float c, float k) {
    /**
     * Of batch normalization in training, for a channel of n elements: {@code scale = rstd gamma},
     * {@code c = scale sum / n}, {@code k = scale rstd rstd product / n}.
     *
     * @param sums of g, and of g and x - mean
     */
    static Coefficients training(float mean, float rstd, float gamma, int n, Sums sums) {
        float scale = rstd * gamma;
        double c = scale * (sums.sum() / n);
        double k = (double) scale * rstd * rstd * (sums.product() / n);
        return new Coefficients(mean, scale, (float) c, (float) k);
    }

    /**
     * Of group normalization, for a channel of a group of n elements: {@code scale = rstd gamma},
     * {@code c = rstd sum / n}, {@code k = rstd rstd rstd product / n}.
     *
     * @param sums over the group, of gamma g, and of gamma g and x - mean
     */
    static Coefficients group(float mean, float rstd, float gamma, int n, Sums sums) {
        double c = rstd * (sums.sum() / n);
        double k = (double) rstd * rstd * rstd * (sums.product() / n);
        return new Coefficients(mean, rstd * gamma, (float) c, (float) k);
    }

    /** The same for another channel of the group. */
    Coefficients withScale(float value) {
        return new Coefficients(mean, value, c, k);
    }

    float gradient(float g, float x) {
        return Math.fma(-k, x - mean, Math.fma(scale, g, -c));
    }
}

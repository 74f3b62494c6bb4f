package io.ketju.layers;



/** A weight with its bias, zeros if there is none. */
public final class ReferenceAffine {
    private final ReferenceRows weight;
    private final double[] bias;

    public ReferenceAffine(ReferenceRows weight, double[] bias) {
        this.weight = weight;
        this.bias = bias;
    }

    public double[] of(double[] x) {
        double[] y = bias.clone();
        for (int i = 0; i < y.length; i++) {
            double[] row = weight.row(i);
            for (int j = 0; j < x.length; j++) {
                y[i] += row[j] * x[j];
            }
        }
        return y;
    }
}

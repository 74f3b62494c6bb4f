package io.ketju.tensor.kernel.normalization;

/** A sum and a sum of products, growing in double. */
record Sums(double sum, double product) {
    Sums plus(double otherSum, double otherProduct) {
        return new Sums(sum + otherSum, product + otherProduct);
    }

    Sums plus(Sums other) {
        return plus(other.sum, other.product);
    }
}

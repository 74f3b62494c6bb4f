package io.ketju.tensor.kernel.matrix;

/**
 * One matrix product {@code c[m,n] = op(a) · op(b)}, row-major. Rows of tensors lie one right behind the other; for other
 * leading dimensions see {@link MatrixView}.
 *
 * @param layout which operands are stored transposed
 * @param m rows of c
 * @param n columns of c
 * @param k length of the sums
 */
public record GemmShape(Layout layout, int m, int n, int k) {
    /** How the operands are stored. N: as written; T: transposed. */
    public enum Layout {
        /** a is [m,k], b is [k,n]. */
        NN,
        /** a is [m,k], b is [n,k]. */
        NT,
        /** a is [k,m], b is [k,n]. */
        TN
    }

    /**
     * {@return a product {@code a[m,k] · b[k,n]}}
     *
     * @param m rows of c
     * @param n columns of c
     * @param k length of the sums
     */
    public static GemmShape nn(int m, int n, int k) {
        return new GemmShape(Layout.NN, m, n, k);
    }

    /**
     * {@return a product {@code a[m,k] · b[n,k]ᵀ}}
     *
     * @param m rows of c
     * @param n columns of c
     * @param k length of the sums
     */
    public static GemmShape nt(int m, int n, int k) {
        return new GemmShape(Layout.NT, m, n, k);
    }

    /**
     * {@return a product {@code a[k,m]ᵀ · b[k,n]}}
     *
     * @param m rows of c
     * @param n columns of c
     * @param k length of the sums
     */
    public static GemmShape tn(int m, int n, int k) {
        return new GemmShape(Layout.TN, m, n, k);
    }
}

package io.ketju.layers.optimizer;

import io.ketju.layers.optimizer.LBFGSMove.Direct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The inner products of L-BFGS's history, which decide the direction without a look at any vector: the recursion over two loops
 * written in the coefficients of moves {@code s}, changes of the gradient {@code y} and the gradient {@code g} (Chen, Wang and
 * Zhou, "Large-scale L-BFGS using MapReduce", 2014). Places are reused, the oldest first. Not thread-safe.
 */
final class CurvaturePairs {
    private final int most;
    private int count;
    private int oldest;
    private double scale = 1;
    /** {@code s · y} by the places of both, where the move is not younger. */
    private final double[][] moveChange;
    /** {@code y · y} by the places of both. */
    private final double[][] changes;

    CurvaturePairs(int most) {
        this.most = most;
        moveChange = new double[most][most];
        changes = new double[most][most];
    }

    /** Forgets all. */
    void clear() {
        count = 0;
        oldest = 0;
        scale = 1;
    }

    /** Pairs that there are; they have the first places. */
    int count() {
        return count;
    }

    /** Where the next pair goes. */
    int nextPlace() {
        return count < most ? count : oldest;
    }

    /**
     * A new pair, at {@link #nextPlace}.
     *
     * @param curvature its s · y
     * @param square its y · y
     * @param withMoves its y · s of every pair, by place; its own and that of the one it replaces are not read
     * @param withChanges its y · y of every pair likewise
     */
    void add(double curvature, double square, double[] withMoves, double[] withChanges) {
        int place = nextPlace();
        if (count < most) {
            count++;
        } else {
            oldest = (oldest + 1) % most;
        }
        for (int other = 0; other < count; other++) {
            moveChange[other][place] = withMoves[other];
            changes[other][place] = withChanges[other];
            changes[place][other] = withChanges[other];
        }
        moveChange[place][place] = curvature;
        changes[place][place] = square;
        scale = curvature / square;
    }

    /** The places from the oldest to the youngest. */
    private List<Integer> places() {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add((oldest + i) % count);
        }
        return places;
    }

    /**
     * The direction {@code -H · g}.
     *
     * @param moves g · s by place
     * @param gradients g · y by place
     */
    Direct direction(double[] moves, double[] gradients) {
        List<Integer> rising = places();
        List<Integer> falling = new ArrayList<>(rising);
        Collections.reverse(falling);
        double[] alpha = new double[most];
        for (int i = 0; i < count; i++) {
            int place = falling.get(i);
            double product = -moves[place];
            for (int younger : falling.subList(0, i)) {
                product -= alpha[younger] * moveChange[place][younger];
            }
            alpha[place] = product / moveChange[place][place];
        }
        double[] ofMoves = new double[most];
        List<Direct.Term> terms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = rising.get(i);
            double product = -gradients[place];
            for (int other : falling) {
                product -= alpha[other] * changes[place][other];
            }
            product *= scale;
            for (int older : rising.subList(0, i)) {
                product += ofMoves[older] * moveChange[older][place];
            }
            ofMoves[place] = alpha[place] - product / moveChange[place][place];
            terms.add(new Direct.Term(place, ofMoves[place], -scale * alpha[place]));
        }
        return new Direct(-scale, terms);
    }

    /** Numbers that {@link #write} gives. */
    static int numbers(int most) {
        return 3 + 2 * most * most;
    }

    /** All that is known, as numbers; places without a pair are 0. */
    void write(List<Double> numbers) {
        numbers.addAll(List.of((double) count, (double) oldest, scale));
        for (double[][] products : List.of(moveChange, changes)) {
            for (double[] row : products) {
                Arrays.stream(row).forEach(numbers::add);
            }
        }
    }

    /** Takes what {@link #write} gave; returns what is behind it. */
    List<Double> read(List<Double> numbers) {
        count = numbers.get(0).intValue();
        oldest = numbers.get(1).intValue();
        scale = numbers.get(2);
        int next = 3;
        for (double[][] products : List.of(moveChange, changes)) {
            for (double[] row : products) {
                for (int i = 0; i < most; i++) {
                    row[i] = numbers.get(next++);
                }
            }
        }
        return numbers.subList(next, numbers.size());
    }
}

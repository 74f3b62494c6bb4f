package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Our own functions of one argument over all 4.3 billion floats: their greatest errors, and vectors against scalars, bit
 * for bit. Takes minutes for each function.
 */
class EveryFloatTest {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final double LARGE = 200;
    private static final int BLOCK = 1 << 12;
    private static final int PARTS = 1 << 10;
    private static final int BLOCKS = (int) ((1L << 32) / BLOCK / PARTS);

    /** Runs a function over the floats at x; whole vectors. */
    private interface Loop {
        void run(long x, long y, long bytes);
    }

    private interface Scalar {
        float apply(float x);
    }

    /** A function in double precision: y = f(x). */
    private interface Exact {
        void run(double[] x, double[] y);
    }

    /** A function on vectors and on numbers, the same in double, and its largest error in ulp. */
    record Function(String name, Loop vector, Scalar scalar, Exact exact, double bound) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The worst case of some floats. */
    private record Worst(double error, float at) {
        Worst or(Worst other) {
            return other.error > error ? other : this;
        }
    }

    static final List<Function> FUNCTIONS = List.of(
            new Function("exp", VectorExpLog::exp, FloatMath::exp, EveryFloatTest::exactExp, 1),
            new Function("log", VectorExpLog::log, FloatMath::log, EveryFloatTest::exactLog, 1),
            new Function("tanh", EveryFloatTest::tanh, FloatMath::tanh, EveryFloatTest::exactTanh, 1),
            new Function("sigmoid", VectorSigmoid::run, FloatMath::sigmoid, EveryFloatTest::exactSigmoid, 1),
            new Function("expm1", EveryFloatTest::expm1, FloatMath::expm1, EveryFloatTest::exactExpm1, 2),
            new Function("log1p", EveryFloatTest::log1p, FloatMath::log1p, EveryFloatTest::exactLog1p, 2),
            new Function("erf", EveryFloatTest::erf, FloatMath::erf, numbers(DoubleFunctions::erf), 2),
            new Function("rsqrt", EveryFloatTest::rsqrt, FloatMath::rsqrt, numbers(x -> 1 / Math.sqrt(x)), 2),
            new Function("sin", EveryFloatTest::sin, FloatMath::sin, EveryFloatTest::exactSin, 2),
            new Function("cos", EveryFloatTest::cos, FloatMath::cos, EveryFloatTest::exactCos, 2));

    @Tag("long")
    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void errorsAreWithinTheirBoundAndVectorsEqualScalars(Function function) {
        Worst worst = IntStream.range(0, PARTS)
                .parallel()
                .mapToObj(part -> ofPart(function, part))
                .reduce(new Worst(0.5, 0), Worst::or);
        System.out.printf(
                "%s: at most %.4f ulp, at %s (%s)%n",
                function.name, worst.error, worst.at, Float.toHexString(worst.at));
    }

    private static Worst ofPart(Function function, int part) {
        Worst worst = new Worst(0.5, 0);
        double[] arguments = new double[BLOCK];
        double[] wanted = new double[BLOCK];
        try (Arena arena = Arena.ofConfined()) {
            long x = arena.allocate(4L * BLOCK, 64).address();
            long y = arena.allocate(4L * BLOCK, 64).address();
            for (int block = 0; block < BLOCKS; block++) {
                int first = (part * BLOCKS + block) * BLOCK;
                for (int i = 0; i < BLOCK; i++) {
                    VectorMemory.setInt(x + 4L * i, first + i);
                    arguments[i] = Float.intBitsToFloat(first + i);
                }
                function.vector.run(x, y, 4L * BLOCK);
                function.exact.run(arguments, wanted);
                compareWithScalars(function, first, y);
                worst = worst.or(worst(function, first, y, wanted));
            }
        }
        return worst;
    }

    private static void compareWithScalars(Function function, int first, long y) {
        for (int i = 0; i < BLOCK; i++) {
            float got = VectorMemory.get(y + 4L * i);
            float scalar = function.scalar.apply(Float.intBitsToFloat(first + i));
            if (Float.floatToIntBits(got) != Float.floatToIntBits(scalar)) {
                throw new AssertionError(function.name + "(" + Float.toHexString(Float.intBitsToFloat(first + i))
                        + "): vector " + Float.toHexString(got) + ", scalar " + Float.toHexString(scalar));
            }
        }
    }

    private static Worst worst(Function function, int first, long y, double[] wanted) {
        double worst = 0.5;
        int at = first;
        for (int i = 0; i < BLOCK; i++) {
            float got = VectorMemory.get(y + 4L * i);
            // A correctly rounded result is not off by more than 1/2.
            if (Float.floatToIntBits(got) != Float.floatToIntBits((float) wanted[i])) {
                double error = Ulps.between(got, wanted[i]);
                if (!(error <= function.bound)) {
                    throw new AssertionError(function.name + "(" + Float.toHexString(Float.intBitsToFloat(first + i))
                            + ") is " + Float.toHexString(got) + ", not " + Double.toHexString(wanted[i]) + ": "
                            + error + " ulp");
                }
                at = error > worst ? first + i : at;
                worst = Math.max(worst, error);
            }
        }
        return new Worst(worst, Float.intBitsToFloat(at));
    }

    // The JVM's own functions on vectors of doubles, at most a few units in their last place off. One method for each,
    // so that the compiler knows which it is.

    private static void exactExp(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            clamped(x, i).lanewise(VectorOperators.EXP).intoArray(y, i);
        }
    }

    private static void exactLog(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, x, i).lanewise(VectorOperators.LOG).intoArray(y, i);
        }
    }

    private static void exactTanh(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            clamped(x, i).lanewise(VectorOperators.TANH).intoArray(y, i);
        }
    }

    private static void exactExpm1(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            clamped(x, i).lanewise(VectorOperators.EXPM1).intoArray(y, i);
        }
    }

    private static void exactLog1p(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, x, i)
                    .lanewise(VectorOperators.LOG1P)
                    .intoArray(y, i);
        }
    }

    private static void exactSin(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, x, i).lanewise(VectorOperators.SIN).intoArray(y, i);
        }
    }

    private static void exactCos(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector.fromArray(DOUBLES, x, i).lanewise(VectorOperators.COS).intoArray(y, i);
        }
    }

    /** As far as results are neither 0 nor infinite as floats; the JVM's functions are slow farther out. */
    private static DoubleVector clamped(double[] x, int i) {
        return DoubleVector.fromArray(DOUBLES, x, i).max(-LARGE).min(LARGE);
    }

    private static Exact numbers(DoubleUnaryOperator function) {
        return (x, y) -> {
            for (int i = 0; i < x.length; i++) {
                y[i] = function.applyAsDouble(x[i]);
            }
        };
    }

    private static void exactSigmoid(double[] x, double[] y) {
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector v = clamped(x, i);
            DoubleVector e = v.abs().neg().lanewise(VectorOperators.EXP);
            DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
            one.blend(e, v.compare(VectorOperators.LT, 0)).div(e.add(one)).intoArray(y, i);
        }
    }

    // One loop for each function, so that each is compiled for itself.

    private static void tanh(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.tanh(load(x + i)), y + i);
        }
    }

    private static void expm1(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.expm1(load(x + i)), y + i);
        }
    }

    private static void log1p(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.log1p(load(x + i)), y + i);
        }
    }

    private static void erf(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.erf(load(x + i)), y + i);
        }
    }

    private static void rsqrt(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.rsqrt(load(x + i)), y + i);
        }
    }

    private static void sin(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.sin(load(x + i)), y + i);
        }
    }

    private static void cos(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(VectorMath.cos(load(x + i)), y + i);
        }
    }
}

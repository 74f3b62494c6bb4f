package io.ketju.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this JVM: the widest that the CPU likes, or the bits of the system property
 * {@code ketju.vector.bits}. Fixed before the first kernel runs, because the compiler shares its profile of vector code
 * between widths and a second width slows both down.
 */
public final class VectorWidth {
    /** System property that forces 128, 256 or 512 bits. */
    public static final String PROPERTY = "ketju.vector.bits";

    /** Floats of this width. */
    public static final VectorSpecies<Float> SPECIES = species();
    /** Integers of this width, as many. */
    public static final VectorSpecies<Integer> INT_SPECIES = VectorSpecies.of(int.class, SPECIES.vectorShape());

    /** Floats in one register. */
    public static final int LANES = SPECIES.length();

    /** Bits of one register: 128, 256 or 512. */
    public static final int BITS = SPECIES.vectorBitSize();

    private VectorWidth() {}

    private static VectorSpecies<Float> species() {
        String forced = System.getProperty(PROPERTY, "");
        return switch (forced) {
            case "" -> preferred();
            case "128" -> FloatVector.SPECIES_128;
            case "256" -> FloatVector.SPECIES_256;
            case "512" -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException("system property " + PROPERTY + " is '" + forced
                        + "'; set it to 128, 256 or 512, or leave it out");
        };
    }

    /** Register widths beyond the 16 virtual lanes of the sums, or below 4 lanes, have no kernels here. */
    private static VectorSpecies<Float> preferred() {
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        return FloatVector.SPECIES_PREFERRED
                .withLanes(float.class)
                .withShape(VectorShape.forBitSize(Math.clamp(bits, 128, 512)));
    }
}

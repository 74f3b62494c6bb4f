package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.INT_SPECIES;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Vectors and numbers from and to off-heap memory, by address in bytes.
 *
 * <p>Kernels ask once per call for the {@link #address} of each operand, which checks that its owner is alive, and then
 * go through one constant segment that spans all memory. So the compiler sees one kind of memory with constant bounds:
 * no checks stay in the loops, masks are never slow, and no other code of the JVM can spoil the profile. The price is
 * that a wrong address is not caught: bounds are the kernels' duty, from the operands' shapes.
 */
public final class VectorMemory {
    /** All memory, from address 0 on. */
    @SuppressWarnings("restricted") // what the flag --enable-native-access is for
    public static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    /**
     * All bits that an address can have. What was masked with it lies within {@link #MEMORY}, as the compiler sees for
     * itself: so it leaves out the check of the bounds, which else costs two instructions for every vector in loops whose
     * addresses come from tables, and the code for what happens if it fails.
     */
    public static final long ADDRESSES = Long.MAX_VALUE >> 1;
    /** The same for what is added to an address. */
    private static final long OFFSETS = ADDRESSES >> 1;
    /** The byte order of this machine. */
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    // The compiler takes for granted that there are no other kinds of segments than are loaded. The first array that
    // somebody wraps would invalidate all compiled code that touches memory.
    static {
        MemorySegment.ofArray(new byte[1]).fill((byte) 0);
        MemorySegment.ofArray(new float[1]).fill((byte) 0);
        MemorySegment.ofArray(new int[1]).fill((byte) 0);
        MemorySegment.ofArray(new long[1]).fill((byte) 0);
        try (Arena confined = Arena.ofConfined();
                Arena shared = Arena.ofShared()) {
            confined.allocate(1).copyFrom(shared.allocate(1));
        }
    }

    private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** Bytes of one vector. */
    public static final long VECTOR = (long) LANES * Float.BYTES;

    private VectorMemory() {}

    /**
     * {@return where the first element lies: as {@link #address(MemorySegment)}}
     *
     * @param tensor an operand
     */
    public static long address(Tensor tensor) {
        return address(tensor.segment());
    }

    /**
     * {@return where a segment starts} From here on nothing but the owner keeps the memory: whoever closes its arena while a kernel runs
     * destroys what others then find there.
     *
     * @param segment memory of an operand
     * @throws IllegalStateException if the owner of the memory has closed it
     * @throws IllegalArgumentException if the memory belongs to an automatic arena, which the garbage collector may close in the middle of
     *     a kernel that was called with the last reference, or if it lies on the heap
     */
    public static long address(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the memory of an operand was freed by its owner");
        }
        if (!segment.isNative()) {
            throw new IllegalArgumentException("vector kernels work on off-heap memory, got a heap segment");
        }
        if (segment.scope().getClass() == AUTOMATIC) {
            throw new IllegalArgumentException(
                    "vector kernels take no memory of Arena.ofAuto(), which may be freed while"
                            + " they work on it; allocate it from a TensorArena or another arena that is closed");
        }
        return segment.address();
    }

    /**
     * {@return the vector at an address}
     *
     * @param address of any alignment, not checked
     */
    public static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address & ADDRESSES, ORDER);
    }

    /**
     * {@return the vector at a distance from an address} The processor adds the distance by itself: of all loads with one address only the
     * first costs more than its instruction.
     *
     * @param address of any alignment, not checked
     * @param offset bytes, at least 0
     */
    public static FloatVector load(long address, long offset) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, (address & ADDRESSES) + (offset & OFFSETS), ORDER);
    }

    /**
     * {@return the lanes of the mask; the others are zero, and their memory is not touched}
     *
     * @param address of lane 0
     * @param mask the lanes to load
     */
    public static FloatVector load(long address, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address & ADDRESSES, ORDER, mask);
    }

    /**
     * Overwrites the memory at an address with a vector.
     *
     * @param vector all its lanes
     * @param address of any alignment, not checked
     */
    public static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(MEMORY, address & ADDRESSES, ORDER);
    }

    /**
     * Stores at a distance from an address, as {@link #load(long, long)} loads.
     *
     * @param vector all its lanes
     * @param address of any alignment, not checked
     * @param offset bytes, at least 0
     */
    public static void store(FloatVector vector, long address, long offset) {
        vector.intoMemorySegment(MEMORY, (address & ADDRESSES) + (offset & OFFSETS), ORDER);
    }

    /**
     * Writes some lanes only.
     *
     * @param vector the lanes
     * @param address of lane 0
     * @param mask the lanes to write
     */
    public static void store(FloatVector vector, long address, VectorMask<Float> mask) {
        vector.intoMemorySegment(MEMORY, address & ADDRESSES, ORDER, mask);
    }

    /**
     * {@return the vector of integers at an address}
     *
     * @param address of any alignment, not checked
     */
    public static IntVector loadInts(long address) {
        return IntVector.fromMemorySegment(INT_SPECIES, MEMORY, address & ADDRESSES, ORDER);
    }

    /**
     * {@return the lanes of the mask; the others are zero, and their memory is not touched}
     *
     * @param address of lane 0
     * @param mask the lanes to load
     */
    public static IntVector loadInts(long address, VectorMask<Integer> mask) {
        return IntVector.fromMemorySegment(INT_SPECIES, MEMORY, address & ADDRESSES, ORDER, mask);
    }

    /**
     * Overwrites the memory at an address with a vector of integers.
     *
     * @param vector all its lanes
     * @param address of any alignment, not checked
     */
    public static void store(IntVector vector, long address) {
        vector.intoMemorySegment(MEMORY, address & ADDRESSES, ORDER);
    }

    /**
     * Writes some lanes only.
     *
     * @param vector the lanes
     * @param address of lane 0
     * @param mask the lanes to write
     */
    public static void store(IntVector vector, long address, VectorMask<Integer> mask) {
        vector.intoMemorySegment(MEMORY, address & ADDRESSES, ORDER, mask);
    }

    /**
     * {@return the float at an address}
     *
     * @param address of any alignment, not checked
     */
    public static float get(long address) {
        return MEMORY.get(FLOAT, address & ADDRESSES);
    }

    /**
     * Overwrites the float at an address.
     *
     * @param address of any alignment, not checked
     * @param value any number
     */
    public static void set(long address, float value) {
        MEMORY.set(FLOAT, address & ADDRESSES, value);
    }

    /**
     * {@return the integer at an address}
     *
     * @param address of any alignment, not checked
     */
    public static int getInt(long address) {
        return MEMORY.get(INT, address & ADDRESSES);
    }

    /**
     * Overwrites the integer at an address.
     *
     * @param address of any alignment, not checked
     * @param value any number
     */
    public static void setInt(long address, int value) {
        MEMORY.set(INT, address & ADDRESSES, value);
    }

    /**
     * {@return the mask of the first lanes, for the elements that are left at the end of a row}
     *
     * @param lanes how many; all if it is more than there are, none if it is less than 1
     */
    public static VectorMask<Float> first(int lanes) {
        return SPECIES.indexInRange(0, lanes);
    }

    /**
     * Fills floats with zeros.
     *
     * @param address of the first
     * @param bytes of all, a multiple of 4
     */
    public static void clear(long address, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        long at = address;
        long end = address + bytes;
        for (; at <= end - VECTOR; at += VECTOR) {
            store(zero, at);
        }
        // One by one: a vector that goes on to a call that the compiler does not look into becomes an object, in each
        // call of this.
        for (; at < end; at += Float.BYTES) {
            set(at, 0);
        }
    }

    /**
     * Copies between areas that do not overlap.
     *
     * @param from address of what is read
     * @param to address of what is overwritten
     * @param bytes of each
     */
    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
    }

    /**
     * Copies floats into an array.
     *
     * @param from address of the first
     * @param to the array
     * @param index where the first goes, from 0
     * @param count how many
     */
    public static void copy(long from, float[] to, int index, int count) {
        MemorySegment.copy(MEMORY, FLOAT, from, to, index, count);
    }

    /**
     * {@return where the last full vector of a range ends, exclusive; its start if there is none}
     *
     * @param from first element
     * @param to end, exclusive
     */
    public static int vectorEnd(int from, int to) {
        return to - (to - from) % LANES;
    }
}

package io.ketju.tensor.simd;

import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner.TileTask;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Calls that the compiler does not look through, so that what is called is compiled on its own, however deep the caller's
 * calls are nested.
 *
 * <p>The compiler inlines at most 15 levels of calls, and one vector's way to memory takes seven of them. A loop that it
 * reaches through a user's code, a layer and a kernel can end up on level ten: then the last step of each load and store
 * stays a real call, which costs four fifths of the speed, for the loop's rest of life, while the loop on its own is
 * fast. And each of the callers is compiled with all its loops once more.
 */
public final class CompilationRoot {
    // Not final: the compiler would look through what it knows.
    private static MethodHandle range = find(RangeTask.class, int.class, int.class);
    private static MethodHandle tile = find(TileTask.class, int.class);

    private CompilationRoot() {}

    /** As {@code task.run(from, to)}. */
    public static void run(RangeTask task, int from, int to) {
        try {
            range.invokeExact(task, from, to);
        } catch (Throwable e) {
            throw sneak(e);
        }
    }

    /** As {@code task.run(tile)}. */
    public static void run(TileTask task, int index) {
        try {
            tile.invokeExact(task, index);
        } catch (Throwable e) {
            throw sneak(e);
        }
    }

    private static MethodHandle find(Class<?> task, Class<?>... arguments) {
        try {
            return MethodHandles.lookup().findVirtual(task, "run", MethodType.methodType(void.class, arguments));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Tasks throw no checked exceptions, but for those who throw them past the compiler. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneak(Throwable e) throws E {
        throw (E) e;
    }
}

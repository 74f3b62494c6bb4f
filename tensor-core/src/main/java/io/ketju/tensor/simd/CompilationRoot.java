package io.ketju.tensor.simd;

import io.ketju.tensor.simd.Elements.StepLoop;
import io.ketju.tensor.simd.Ranges.RangeTask;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * Calls that the compiler does not look through, so that what is called is compiled on its own, however deep the caller's
 * calls are nested.
 *
 * <p>The compiler inlines at most 15 levels of calls, and one vector's way to memory takes seven of them. A loop that it
 * reaches through a user's code, a layer and a kernel can end up so deep that the last step of each load and store
 * stays a real call, for good. That costs four fifths of the speed, while the loop on its own is fast. And each of the
 * callers is compiled with all its loops once more.
 */
public final class CompilationRoot {
    // Not final, as all fields that keep a handle for this: the compiler looks through what it knows.
    private static MethodHandle range = run(RangeTask.class, int.class, int.class);
    private static MethodHandle loop = run(StepLoop.class, long.class, long.class, long.class, long.class, long.class);

    private CompilationRoot() {}

    /**
     * As {@code task.run(from, to)}.
     *
     * @param task called on this thread
     * @param from first element, row or tile
     * @param to end, exclusive
     */
    public static void run(RangeTask task, int from, int to) {
        try {
            range.invokeExact(task, from, to);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** As {@code elements.run(a, b, c, bytes, buffer)}. */
    static void run(StepLoop elements, long a, long b, long c, long bytes, long buffer) {
        try {
            loop.invokeExact(elements, a, b, c, bytes, buffer);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * {@return a static method that is called by its handle, whatever the caller} The field that keeps it must not be final: the compiler
     * looks through what it knows.
     *
     * @param lookup of the class that has the method
     * @param method its name
     * @param result the type of its result, {@code void.class} for none
     * @param parameters the types of its parameters
     * @throws ExceptionInInitializerError if there is no such method
     */
    public static MethodHandle of(Lookup lookup, String method, Class<?> result, Class<?>... parameters) {
        try {
            return lookup.findStatic(lookup.lookupClass(), method, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * {@return the same for a method of an object, without a result} The object is the first argument of the handle.
     *
     * @param lookup of a class that may call the method
     * @param owner the class that has it
     * @param method its name
     * @param parameters the types of its parameters
     * @throws ExceptionInInitializerError if there is no such method
     */
    public static MethodHandle of(Lookup lookup, Class<?> owner, String method, Class<?>... parameters) {
        try {
            return lookup.findVirtual(owner, method, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static MethodHandle run(Class<?> task, Class<?>... arguments) {
        return of(MethodHandles.lookup(), task, "run", arguments);
    }

    /**
     * Throws what a call by a handle threw, as it is. Declared to return something for the sake of {@code throw
     * rethrow(e)}, after which the compiler expects nothing.
     *
     * @param e what the call threw
     * @return nothing, as it throws
     */
    public static RuntimeException rethrow(Throwable e) {
        return CompilationRoot.<RuntimeException>unchecked(e);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException unchecked(Throwable e) throws E {
        throw (E) e;
    }
}

package io.ketju.tensor.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What kernels worked out lately, each where the hash of its key says, over what was there: a model asks for the same few
 * things in every step, a service that runs forever may ask for many. Values depend on their keys alone, so nobody can
 * tell whether one was kept. For any number of threads.
 *
 * @param <K> keys, which have {@code equals} and {@code hashCode}
 * @param <V> values
 */
public final class Lately<K, V> {
    private static final int PLACES = 256;

    private record Entry<K, V>(K key, V value) {}

    private final AtomicReferenceArray<@Nullable Entry<K, V>> entries = new AtomicReferenceArray<>(PLACES);
    private final Function<K, V> maker;

    /**
     * One that is empty yet.
     *
     * @param maker makes the value of a key, of the key alone; may be asked by several threads at once
     */
    public Lately(Function<K, V> maker) {
        this.maker = maker;
    }

    /**
     * {@return the value of a key, made now if it is not there}
     *
     * @param key which value
     */
    public V get(K key) {
        int place = (key.hashCode() * 0x9E3779B9) >>> 24;
        Entry<K, V> entry = entries.get(place);
        if (entry != null && entry.key.equals(key)) {
            return entry.value;
        }
        V value = maker.apply(key);
        entries.set(place, new Entry<>(key, value));
        return value;
    }
}

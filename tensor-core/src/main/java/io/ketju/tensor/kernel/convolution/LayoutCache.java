package io.ketju.tensor.kernel.convolution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The layouts of the shapes used last: a model has few shapes, a service that runs forever may see many. */
final class LayoutCache<T> {
    private static final int MOST = 128;

    private final Function<Conv2dShape, T> maker;
    private final Map<Conv2dShape, T> layouts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Conv2dShape, T> eldest) {
            return size() > MOST;
        }
    };

    LayoutCache(Function<Conv2dShape, T> maker) {
        this.maker = maker;
    }

    synchronized T get(Conv2dShape shape) {
        return layouts.computeIfAbsent(shape, maker);
    }

    synchronized int size() {
        return layouts.size();
    }
}

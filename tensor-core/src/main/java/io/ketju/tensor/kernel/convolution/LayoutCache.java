package io.ketju.tensor.kernel.convolution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The layouts of the shapes used last: a model has few shapes, a service that runs forever may see many. */
final class LayoutCache {
    private static final int MOST = 128;

    private final Function<Conv2dShape, TapImage> maker;
    private final Map<Conv2dShape, TapImage> layouts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Conv2dShape, TapImage> eldest) {
            return size() > MOST;
        }
    };

    LayoutCache(Function<Conv2dShape, TapImage> maker) {
        this.maker = maker;
    }

    synchronized TapImage get(Conv2dShape shape) {
        return layouts.computeIfAbsent(shape, maker);
    }

    synchronized int size() {
        return layouts.size();
    }
}

package io.ketju.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A named thing with arguments, as text: {@code Conv2d(1, 6, kernel_size=5, padding=2)}. Layers, losses, optimizers and
 * schedules print and parse in this one form: in job files, on the wire and on the terminal.
 *
 * @param name class name as in PyTorch
 * @param positional arguments without name, in order
 * @param named arguments with name, in order of name
 */
public record Spec(String name, List<String> positional, Map<String, String> named) {
    public Spec {
        positional = List.copyOf(positional);
        named = java.util.Collections.unmodifiableMap(new TreeMap<>(named));
    }

    @Override
    public String toString() {
        List<String> arguments = new ArrayList<>(positional);
        named.forEach((key, value) -> arguments.add(key + "=" + value));
        return name + "(" + String.join(", ", arguments) + ")";
    }
}

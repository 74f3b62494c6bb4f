package io.ketju.examples.lesson;

import io.ketju.actors.run.TensorValues;
import java.util.Map;

/** Tensors by name, of which one is known to be there. */
public final class Named {
    private Named() {}

    /** The one of a name; throws {@link IllegalArgumentException} with all names if there is none. */
    public static TensorValues of(Map<String, TensorValues> all, String name) {
        TensorValues found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException("expected '" + name + "', found " + all.keySet());
        }
        return found;
    }
}

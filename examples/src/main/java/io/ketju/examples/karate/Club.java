package io.ketju.examples.karate;

import io.ketju.actors.run.TensorValues;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.examples.lesson.Named;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Zachary's karate club as the network is given it, and who is friends with whom. */
final class Club {
    /** People who went with the instructor (Zachary 1977); the others went with the administrator, 34. */
    private static final List<Integer> WITH_1 = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22);

    private final Map<String, TensorValues> constants;

    private Club(Map<String, TensorValues> constants) {
        this.constants = constants;
    }

    /** What never changes of a source: the matrix and the features. */
    static Club read(BatchSource source) {
        Map<String, TensorValues> constants = new LinkedHashMap<>();
        try (TensorArena arena = new TensorArena(1 << 16)) {
            for (BatchPort port : source.ports()) {
                if (port.constant()) {
                    Tensor tensor = arena.allocate(
                            port.largest().dtype(), port.largest().shape());
                    source.copyConstant(port.name(), tensor);
                    constants.put(port.name(), values(tensor, port.largest()));
                }
            }
        }
        return new Club(constants);
    }

    private static TensorValues values(Tensor tensor, TensorType type) {
        int[] shape = type.shape().toArray();
        if (type.dtype() == DType.FLOAT32) {
            return TensorValues.of(tensor.toFloats(), shape);
        }
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return TensorValues.of(values, shape);
    }

    /** Inputs of the network by name. */
    Map<String, TensorValues> constants() {
        return constants;
    }

    /** Pairs of friends, each once, from 0. */
    List<int[]> edges() {
        int[] pointers = Named.of(constants, "row_pointers").ints();
        int[] columns = Named.of(constants, "column_indexes").ints();
        List<int[]> edges = new ArrayList<>();
        for (int row = 0; row + 1 < pointers.length; row++) {
            for (int i = pointers[row]; i < pointers[row + 1]; i++) {
                if (row < columns[i]) {
                    edges.add(new int[] {row, columns[i]});
                }
            }
        }
        return edges;
    }

    /** The club of everybody, in the order of the numbers: 0 that of person 1, 1 that of person 34. */
    static int[] clubs() {
        int[] clubs = new int[34];
        for (int i = 0; i < clubs.length; i++) {
            clubs[i] = WITH_1.contains(i + 1) ? 0 : 1;
        }
        return clubs;
    }
}

package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.program.Room;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one slot for micro-batches of some types: those that lie in the slot, made once, and those that come
 * from elsewhere with each micro-batch.
 */
final class SlotTensors {
    private final StageProgram program;
    private final ModelTypes types;
    private final Map<Room, Tensor> rooms = new HashMap<>();
    private final Map<Value, Integer> cells = new HashMap<>();
    private final @Nullable Tensor[] values;
    private final @Nullable Tensor[] gradients;
    private final boolean[] foreignValue;
    private final boolean[] foreignGradient;

    SlotTensors(StageProgram program, SlotLayout layout, ModelTypes types, TensorArena arena) {
        this.program = program;
        this.types = types;
        List<Room> all = layout.rooms();
        for (int i = 0; i < all.size(); i++) {
            TensorType type = SlotLayout.type(program, all.get(i), types);
            if (type.bytes() > layout.plan().sizes().get(i)) {
                throw new IllegalArgumentException("stage " + program.stage() + ": " + all.get(i) + " is " + type
                        + ", larger than the " + layout.plan().sizes().get(i) + " bytes planned for the largest inputs "
                        + "of the model; found inputs " + types.inputs());
            }
            rooms.put(all.get(i), arena.at(layout.plan().offsets().get(i), type));
        }
        program.before().edges().forEach(edge -> cell(edge.value()));
        for (Step step : program.steps()) {
            step.inputs().forEach(this::cell);
            if (step instanceof Step.LayerStep layer) {
                layer.outputs().forEach(this::cell);
            }
        }
        values = new Tensor[cells.size()];
        gradients = new Tensor[cells.size()];
        foreignValue = new boolean[cells.size()];
        foreignGradient = new boolean[cells.size()];
        rooms.forEach((room, tensor) -> {
            Value value = room.value();
            if (value != null) {
                (room.purpose() == Room.Purpose.VALUE ? values : gradients)[cell(value)] = tensor;
            }
        });
        markForeign();
    }

    private void markForeign() {
        for (Value value : cells.keySet()) {
            foreignValue[cell(value)] = value.isInput();
        }
        for (Cut.Edge edge : program.before().edges()) {
            foreignValue[cell(edge.value())] = true;
        }
        program.after().edges().stream().filter(Cut.Edge::gradient).forEach(edge -> {
            foreignGradient[cell(edge.value())] = true;
        });
    }

    /** The position of a value among {@link #value} and {@link #gradient}. */
    int cell(Value value) {
        Integer known = cells.get(value);
        if (known == null) {
            known = cells.size();
            cells.put(value, known);
        }
        return known;
    }

    /** What lies in a room; null if the slot has no such room. */
    @Nullable
    Tensor room(Room.Purpose purpose, int step, int index) {
        return rooms.get(new Room(purpose, null, step, index));
    }

    Tensor value(int cell) {
        return present(values[cell], "value", cell);
    }

    void value(int cell, Tensor tensor) {
        values[cell] = tensor;
    }

    /** Whether a value comes with the micro-batch, so that its tensor is another one each time. */
    boolean foreignValue(int cell) {
        return foreignValue[cell];
    }

    /** A value that is the same in every micro-batch. */
    void constant(Value value, Tensor tensor) {
        foreignValue[cell(value)] = false;
        values[cell(value)] = tensor;
    }

    void foreignValue(int cell, boolean foreign) {
        foreignValue[cell] = foreign;
    }

    /** The gradient of a value; null if it has none. */
    @Nullable
    Tensor gradientOrNull(int cell) {
        return gradients[cell];
    }

    Tensor gradient(int cell) {
        return present(gradients[cell], "gradient", cell);
    }

    void gradient(int cell, Tensor tensor) {
        gradients[cell] = tensor;
    }

    boolean foreignGradient(int cell) {
        return foreignGradient[cell];
    }

    void foreignGradient(int cell, boolean foreign) {
        foreignGradient[cell] = foreign;
    }

    ModelTypes types() {
        return types;
    }

    /** Forgets what came with the micro-batch. */
    void forget() {
        for (int cell = 0; cell < values.length; cell++) {
            values[cell] = foreignValue[cell] ? null : values[cell];
            gradients[cell] = foreignGradient[cell] ? null : gradients[cell];
        }
    }

    private Tensor present(@Nullable Tensor tensor, String what, int cell) {
        if (tensor == null) {
            Value value = cells.keySet().stream()
                    .filter(candidate -> cell(candidate) == cell)
                    .findFirst()
                    .orElseThrow();
            throw new IllegalStateException(
                    "stage " + program.stage() + ": no " + what + " of " + value + " in this micro-batch");
        }
        return tensor;
    }
}

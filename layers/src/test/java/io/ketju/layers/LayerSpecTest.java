package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.activation.Pointwise;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.padding.Sides;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A job goes to its workers as text: whatever layer a program can make reads back as the same one. */
class LayerSpecTest {
    static List<Layer> layers() {
        return LayerCase.rows().stream().map(LayerCase::layer).distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyLayerReadsBack(Layer layer) {
        assertThat(Layers.parse(layer.spec().toString())).isEqualTo(layer);
    }

    /** Or is refused when it is made. */
    @ParameterizedTest
    @MethodSource("layers")
    void soDoOnesWithAnotherValueOfAnyArgument(Layer layer) throws ReflectiveOperationException {
        for (Layer other : changed(layer)) {
            assertThat(Layers.parse(other.spec().toString()))
                    .as("made as %s, from %s", other, layer)
                    .isEqualTo(other);
        }
    }

    /** With one component that is another constant, flag or number, as far as the record can be made by anybody and takes it. */
    private static List<Layer> changed(Layer layer) throws ReflectiveOperationException {
        Class<?> type = layer.getClass();
        List<Layer> all = new ArrayList<>();
        if (!type.isRecord() || !Modifier.isPublic(type.getModifiers()) || layer instanceof Pointwise) {
            return all; // whoever makes a pointwise layer gives its text with it
        }
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> constructor = type.getConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = components[i].getAccessor().invoke(layer);
        }
        for (int i = 0; i < values.length; i++) {
            Object before = values[i];
            for (Object value : others(before)) {
                values[i] = value;
                try {
                    all.add((Layer) constructor.newInstance(values));
                } catch (InvocationTargetException e) {
                    assertThat(e.getCause()).isInstanceOf(IllegalArgumentException.class);
                }
            }
            values[i] = before;
        }
        return all;
    }

    private static List<Object> others(Object value) {
        return switch (value) {
            case Boolean flag -> List.of(!flag);
            case Integer number -> List.of(number + 1, -number, 0);
            case Float number -> List.of(number + 1);
            case Sides sides -> List.of(new Sides(sides.before() + 1, sides.after()));
            case PoolWindow window ->
                List.of(
                        new PoolWindow(window.rows().withCeilMode(), window.columns()),
                        new PoolWindow(PoolAxis.of(2, 2, 0), window.columns()));
            case Enum<?> constant ->
                Stream.of((Object[]) constant.getDeclaringClass().getEnumConstants())
                        .toList();
            default -> List.of();
        };
    }
}

package io.ketju.examples.gates;

import io.ketju.examples.gates.Circuit.Gate;
import io.ketju.plot.FlowPicture;
import io.ketju.plot.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A circuit with its numbers: on each wire the value that goes forward, and below it the gradient that comes back. */
final class CircuitPicture {
    private CircuitPicture() {}

    /** Of one that has gone backward. */
    static Picture of(String title, Circuit circuit) {
        List<Gate> gates = circuit.gates();
        List<String> signs =
                new ArrayList<>(gates.stream().map(gate -> gate.sign).toList());
        signs.add(""); // where the last gate's value goes
        List<FlowPicture.Wire> wires = new ArrayList<>();
        for (Circuit.Wire wire : circuit.wires()) {
            wires.add(wire(gates.indexOf(wire.from()), gates.indexOf(wire.to()), wire.from().value, wire.gradient()));
        }
        Gate last = gates.getLast();
        wires.add(wire(gates.size() - 1, gates.size(), last.value, last.gradient));
        return new FlowPicture(title, signs, wires);
    }

    private static FlowPicture.Wire wire(int from, int to, double value, double gradient) {
        return new FlowPicture.Wire(from, to, number(value), number(gradient));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}

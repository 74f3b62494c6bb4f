package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.graph.Operator;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.CellNodes.Kind;
import java.util.ArrayList;
import java.util.List;

/** An LSTM with projections, which ONNX's operator lacks: a loop over the steps for each level and direction. */
final class ProjectedNodes {
    private final Site site;
    private final int hidden;
    private final int directions;
    private final boolean padded;
    private final int firstState;
    private final int projected;

    ProjectedNodes(Site site, int hidden, int directions, boolean padded, int firstState) {
        this.site = site;
        this.hidden = hidden;
        this.directions = directions;
        this.padded = padded;
        this.firstState = firstState;
        projected = site.arguments().integer("proj_size");
    }

    List<String> levels() {
        Arguments arguments = site.arguments();
        String x = site.input(0);
        List<String> states = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        for (int level = 0; level < arguments.integer("num_layers"); level++) {
            List<String> sequences = new ArrayList<>();
            for (int direction = 0; direction < directions; direction++) {
                List<String> made = strand(x, level, direction);
                states.add(site.call("Unsqueeze", made.get(0), site.longs(1)));
                cells.add(site.call("Unsqueeze", made.get(1), site.longs(1)));
                sequences.add(made.get(2));
            }
            x = sequences.size() == 1 ? sequences.getFirst() : site.concat(2, sequences);
        }
        return List.of(x, site.concat(1, states), site.concat(1, cells));
    }

    /** The state before the first step, [samples, features]. */
    private String before(int which, int strand, int features) {
        if (site.inputs() <= firstState) {
            return CellNodes.zeros(site, site.input(0), features);
        }
        String one = site.slice(site.input(firstState + which), 1, strand, strand + 1L, 1);
        return site.call("Squeeze", one, site.longs(1));
    }

    private List<String> strand(String x, int level, int direction) {
        String suffix = RecurrentNodes.suffix(level, direction);
        int strand = level * directions + direction;
        String gates =
                LinearNodes.product(site, x, 3, site.parameter("weight_ih" + suffix), orNothing("bias_ih" + suffix));
        List<String> given = new ArrayList<>(List.of(before(0, strand, projected), before(1, strand, hidden), gates));
        if (padded) {
            String present = CellNodes.present(site, site.input(1), x);
            given.add(site.call("Unsqueeze", present, site.longs(2)));
        }
        Site body = site.body();
        List<String> read = new ArrayList<>(List.of(body.bodyInput("h"), body.bodyInput("c"), body.bodyInput("gates")));
        if (padded) {
            read.add(body.bodyInput("present"));
        }
        List<String> made = step(body, read, suffix);
        Operator scan = site.op("Scan", given.toArray(String[]::new));
        return site.scan(scan, body, read, made, 2, direction == 1);
    }

    private String orNothing(String parameter) {
        return site.hasParameter(parameter) ? site.parameter(parameter) : Site.NOTHING;
    }

    /** A step of the padding changes no state and gives zeros. */
    private List<String> step(Site body, List<String> read, String suffix) {
        String hg = CellNodes.gates(body, read.get(0), "weight_hh" + suffix, "bias_hh" + suffix);
        List<String> after = CellNodes.step(body, Kind.LSTM, hidden, read.get(2), hg, read.subList(0, 2));
        String h = CellNodes.gates(body, after.get(0), "weight_hr" + suffix, "none");
        if (!padded) {
            return List.of(h, after.get(1), body.call("Identity", h));
        }
        String present = body.call("Greater", read.get(3), body.number(0));
        return List.of(
                body.call("Where", present, h, read.get(0)),
                body.call("Where", present, after.get(1), read.get(1)),
                body.call("Where", present, h, body.number(0)));
    }
}

package io.ketju.onnx.layer;

import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.graph.Site;
import java.util.ArrayList;
import java.util.List;

/** Which keys a query sees, by causality, lengths and masks. */
final class MaskNodes {
    private final Site site;
    private final String query;
    private final String key;
    private final boolean causal;
    private final int extra;

    /** What is multiplied: 1 where a key is seen, 0 where it is not; and what is added to scores. */
    private final List<String> seen = new ArrayList<>();

    private final List<String> added = new ArrayList<>();

    /**
     * @param query [samples, queries, columns]
     * @param key [samples, keys, columns]
     * @param operands so many inputs come before lengths and masks
     */
    MaskNodes(Site site, String query, String key, int operands) {
        this.site = site;
        this.query = query;
        this.key = key;
        Arguments arguments = site.arguments();
        causal = arguments.flag("is_causal");
        extra = arguments.integer("extra_keys");
        if (causal) {
            addCausal();
        }
        int next = operands;
        if (next < site.inputs() && site.isWhole(next) && site.rank(next) == 1) {
            addLengths(site.input(next++));
        }
        if (arguments.flag("key_padding_mask")) {
            addPadding(site.input(next++));
        }
        if (next < site.inputs()) {
            addMask(next);
        }
    }

    /** 0, 1 ... of the keys that lengths and masks speak of. */
    private String keys() {
        String count = site.call("Sub", site.sizeOf(key, 1), site.longs(extra));
        return site.call("Range", site.whole(0), site.call("Squeeze", count), site.whole(1));
    }

    private String floats(String flags) {
        return site.cast(flags, OnnxType.FLOAT);
    }

    private void addCausal() {
        String rows = site.call("Unsqueeze", site.range(query, 1), site.longs(1));
        seen.add(floats(site.call("LessOrEqual", keys(), rows)));
    }

    private void addLengths(String lengths) {
        String ends = site.call("Unsqueeze", site.cast(lengths, OnnxType.INT64), site.longs(1, 2, 3));
        seen.add(floats(site.call("Less", keys(), ends)));
    }

    private void addPadding(String padding) {
        String none = site.call("Equal", site.cast(padding, OnnxType.INT64), site.whole(0));
        seen.add(site.call("Unsqueeze", floats(none), site.longs(1, 2)));
    }

    private void addMask(int input) {
        String mask = site.input(input);
        if (site.rank(input) == 3) {
            mask = site.call("Unsqueeze", mask, site.longs(1));
        }
        if (site.isWhole(input)) {
            String hidden = site.call("Equal", site.cast(mask, OnnxType.INT64), site.whole(0));
            seen.add(floats(site.call("Not", hidden)));
        } else {
            added.add(mask);
            seen.add(floats(site.call("Greater", mask, site.number(-Float.MAX_VALUE))));
        }
    }

    /** With the extra keys, for which it says the same for all. */
    private String withExtra(String term, double ofExtra) {
        if (extra == 0) {
            return term;
        }
        String none = site.call("Mul", site.call("Shape", site.call("Shape", term)), site.longs(2));
        String zeros = site.call("Expand", site.whole(0), site.call("Sub", none, site.longs(1)));
        String pads = site.concat(0, List.of(zeros, site.longs(extra)));
        return site.call("Pad", term, pads, site.number(ofExtra));
    }

    /** The weights of keys by their scores [samples, heads, queries, keys]: zeros for a query that sees none. */
    String softmax(String scores) {
        if (seen.isEmpty()) {
            return site.op("Softmax", scores).with("axis", -1).get();
        }
        String all = seen.getFirst();
        for (String one : seen.subList(1, seen.size())) {
            all = site.call("Mul", all, one);
        }
        all = withExtra(all, 1);
        String sums = scores;
        for (String one : added) {
            sums = site.call("Add", sums, withExtra(one, 0));
        }
        String there = site.call("Greater", all, site.number(0));
        String masked = site.call("Where", there, sums, site.number(-Float.MAX_VALUE));
        String shares = site.op("Softmax", masked).with("axis", -1).get();
        // Behind causality alone every query sees the first key.
        return causal && seen.size() == 1 ? shares : site.call("Mul", shares, all);
    }
}

package io.ketju.layers.attention;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;

/**
 * Which keys a query sees.
 *
 * @param causal whether a query sees none behind it
 * @param padding whether a mask of the keys that are padding is given, int32 [samples, keys] that is not 0 there
 * @param extraKeys how many of the last keys every query sees, whatever lengths and masks say; these know nothing of them
 */
public record Visibility(boolean causal, boolean padding, int extraKeys) {
    /** Every query sees every key that is not behind a sample's length. */
    public static final Visibility ALL = new Visibility(false, false, 0);

    /**
     * Checks the number of extra keys.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Visibility {
        if (extraKeys < 0) {
            throw new IllegalArgumentException("argument 'extra_keys': expected at least 0, found " + extraKeys);
        }
    }

    /**
     * {@return this, with or without causality}
     *
     * @param value whether query i sees the keys 0 to i only
     */
    public Visibility asCausal(boolean value) {
        return new Visibility(value, padding, extraKeys);
    }

    /**
     * {@return this, with or without a mask of padded keys}
     *
     * @param value whether there is such an input
     */
    public Visibility withPadding(boolean value) {
        return new Visibility(causal, value, extraKeys);
    }

    /**
     * {@return this, with other extra keys}
     *
     * @param count how many of the last keys every query sees, at least 0
     */
    public Visibility withExtraKeys(int count) {
        return new Visibility(causal, padding, count);
    }

    static Description describe(Description description) {
        return description
                .named(
                        "key_padding_mask",
                        false,
                        "whether a mask of padded keys is given, int32 [samples, keys] that is not 0 there")
                .named(
                        "extra_keys",
                        0,
                        "how many of the last keys lengths and masks say nothing of: all queries see them");
    }

    static Visibility of(Arguments arguments) {
        try {
            return new Visibility(
                    arguments.flag("is_causal"), arguments.flag("key_padding_mask"), arguments.integer("extra_keys"));
        } catch (IllegalArgumentException e) {
            String said = String.valueOf(e.getMessage());
            String name = arguments.spec().name();
            throw said.startsWith(name) ? e : new IllegalArgumentException(name + ": " + said, e);
        }
    }

    /** The spec with what is not usual. */
    Spec in(Spec spec) {
        Spec result = causal ? spec.with("is_causal", true) : spec;
        result = padding ? result.with("key_padding_mask", true) : result;
        return extraKeys == 0 ? result : result.with("extra_keys", extraKeys);
    }
}

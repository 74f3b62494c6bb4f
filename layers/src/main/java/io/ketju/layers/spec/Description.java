package io.ketju.layers.spec;

import io.ketju.layers.spec.Argument.Passing;
import io.ketju.layers.spec.Argument.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is to be known of a layer, a loss, an optimizer or another thing that is written as {@link Spec}. It stands once, in
 * the class of the thing: {@link Arguments} takes the names and defaults from it, and so do the pages of the catalogue, so
 * that signature, parser and page cannot differ. Immutable; a later word replaces an earlier one. Texts are plain or
 * Markdown; empty if there is nothing to say.
 *
 * @param name class name as in PyTorch
 * @param summary one line without a full stop
 * @param arguments in order, those by name only last
 * @param formula in the notation of programs: {@code y = x · weightᵀ + bias}
 * @param shapes of inputs and outputs
 * @param parameters names and shapes of what it learns or keeps
 * @param source the counterpart in PyTorch ({@code torch.nn.Linear}), or a paper
 * @param use when to take it, where there is a choice
 */
public record Description(
        String name,
        String summary,
        List<Argument> arguments,
        String formula,
        String shapes,
        String parameters,
        String source,
        String use) {
    /** Copies the arguments. */
    public Description {
        arguments = List.copyOf(arguments);
    }

    /**
     * {@return a description without arguments, whose other texts are empty}
     *
     * @param name class name as in PyTorch
     * @param summary one line without a full stop
     */
    public static Description of(String name, String summary) {
        return new Description(name, summary, List.of(), "", "", "", "", "");
    }

    /**
     * {@return this with an argument that has to be written, by place or by name}
     *
     * @param argument its name
     * @param about what it is, in a few words
     */
    public Description required(String argument, String about) {
        return with(new Argument(argument, Passing.PLACE_OR_NAME, Presence.REQUIRED, "", about));
    }

    /**
     * {@return this with an argument that has a default}
     *
     * @param argument its name
     * @param value the default, taken as specs print it
     * @param about what it is, in a few words
     */
    public Description optional(String argument, Object value, String about) {
        return with(new Argument(argument, Passing.PLACE_OR_NAME, Presence.DEFAULT, text(value), about));
    }

    /**
     * {@return this with an argument that has a default, for which PyTorch writes {@code None}}
     *
     * @param argument its name
     * @param value the default, taken as specs print it; {@code None} means it, too
     * @param about what it is, in a few words
     */
    public Description optionalOrNone(String argument, Object value, String about) {
        return with(new Argument(argument, Passing.PLACE_OR_NAME, Presence.DEFAULT_OR_NONE, text(value), about));
    }

    /**
     * {@return this with an argument that has no value by default, or one that follows from others; {@code None} says so, too}
     *
     * @param argument its name
     * @param shown what the signature shows as default; {@link Arguments} have no value where none is written
     * @param about what it is, in a few words
     */
    public Description derived(String argument, String shown, String about) {
        return with(new Argument(argument, Passing.PLACE_OR_NAME, Presence.ABSENT, shown, about));
    }

    /**
     * {@return this with an argument that is written by name only and has a default}
     *
     * @param argument its name
     * @param value the default, taken as specs print it
     * @param about what it is, in a few words
     */
    public Description named(String argument, Object value, String about) {
        return with(new Argument(argument, Passing.NAME, Presence.DEFAULT, text(value), about));
    }

    /**
     * {@return this with an argument that is written by name only and has no value by default, or one that follows from others}
     *
     * @param argument its name
     * @param shown what the signature shows as default; {@link Arguments} have no value where none is written
     * @param about what it is, in a few words
     */
    public Description namedDerived(String argument, String shown, String about) {
        return with(new Argument(argument, Passing.NAME, Presence.ABSENT, shown, about));
    }

    /**
     * {@return this with another formula}
     *
     * @param text in the notation of programs
     */
    public Description formula(String text) {
        return new Description(name, summary, arguments, text, shapes, parameters, source, use);
    }

    /**
     * {@return this with other shapes}
     *
     * @param text shapes of inputs and outputs
     */
    public Description shapes(String text) {
        return new Description(name, summary, arguments, formula, text, parameters, source, use);
    }

    /**
     * {@return this with other parameters}
     *
     * @param text names and shapes of what the thing learns or keeps
     */
    public Description parameters(String text) {
        return new Description(name, summary, arguments, formula, shapes, text, source, use);
    }

    /**
     * {@return this with another source}
     *
     * @param text the counterpart in PyTorch, or a paper
     */
    public Description source(String text) {
        return new Description(name, summary, arguments, formula, shapes, parameters, text, use);
    }

    /**
     * {@return this with other advice}
     *
     * @param text when to take the thing
     */
    public Description use(String text) {
        return new Description(name, summary, arguments, formula, shapes, parameters, source, text);
    }

    /**
     * {@return this with what makes the thing; the entry matches a spec with these arguments first}
     *
     * @param <T> what it is read as
     * @param reader makes the thing of arguments that fit this; what it does not like it says with an {@link IllegalArgumentException}
     */
    public <T> Entry<T> readBy(Function<Arguments, T> reader) {
        return new Entry<>(this, spec -> reader.apply(Arguments.of(spec, this)));
    }

    /**
     * {@return this for a thing without arguments}
     *
     * @param <T> what it is read as
     * @param thing the one that every reading gives
     */
    public <T> Entry<T> always(T thing) {
        return readBy(arguments -> thing);
    }

    /** {@return {@code Linear(in_features, out_features, bias=true, *, init=zeros())}: what follows the star is written by name only} */
    public String signature() {
        List<String> texts = new ArrayList<>();
        boolean byName = false;
        for (Argument argument : arguments) {
            if (argument.passing() == Passing.NAME && !byName) {
                texts.add("*");
                byName = true;
            }
            texts.add(argument.toString());
        }
        return name + "(" + String.join(", ", texts) + ")";
    }

    /**
     * {@return the spec without those named arguments that are what they are by default}
     *
     * @param spec of this thing; a value counts as the default if it is written the same
     */
    public Spec terse(Spec spec) {
        Spec result = spec;
        for (Argument argument : arguments) {
            boolean usual = argument.defaultValue()
                    .filter(value -> value.equals(spec.named().get(argument.name())))
                    .isPresent();
            result = usual ? result.without(argument.name()) : result;
        }
        return result;
    }

    private Description with(Argument argument) {
        List<Argument> all = new ArrayList<>(arguments);
        all.add(argument);
        return new Description(name, summary, all, formula, shapes, parameters, source, use);
    }

    /** As specs print it. */
    private static String text(Object value) {
        return value instanceof Double number ? Spec.number(number) : value.toString();
    }
}

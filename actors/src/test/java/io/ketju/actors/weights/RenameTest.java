package io.ketju.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenameTest {
    @ParameterizedTest
    @CsvSource({
        "module.=, module.fc.weight, fc.weight",
        "module.=, fc.module.weight, fc.module.weight",
        "=backbone., fc.weight, backbone.fc.weight",
        "fc.=head., fc.weight, head.weight",
        "fc.weight=w, fc.weight, w",
        "fc.*=head.*, fc.weight, head.weight",
        "fc.*=head.*, my.fc.weight, my.fc.weight",
        "*.gamma=*.weight, bn.1.gamma, bn.1.weight",
        "layers.*.attn.*=h.*.attention.*, layers.10.attn.q.weight, h.10.attention.q.weight",
        "*.a.*=*.b.*, x.a.y.a.z, x.b.y.a.z",
        "*a*aa=*b*c, aaaa, bac",
        "*=*.weight, fc, fc.weight",
        "ab*ba=*, aba, aba",
        "' fc.* = head.* ', fc.bias, head.bias"
    })
    void changesThePrefixOrTheWholeName(String rule, String name, String renamed) {
        assertThat(Rename.parse(rule).apply(name)).isEqualTo(renamed);
        assertThat(Rename.parse(Rename.parse(rule).toString())).isEqualTo(Rename.parse(rule));
    }

    @ParameterizedTest
    @CsvSource({
        "module, expected a rule such as 'module.=' or 'fc.*=head.*'; found 'module'",
        "a=b=c, expected a rule such as 'module.=' or 'fc.*=head.*'; found 'a=b=c'",
        "fc.*=head, expected as many '*' on both sides of '='; found 1 in 'fc.*' and 0 in 'head'",
        "fc.=fc., expected another name on each side of '='; found 'fc.' on both"
    })
    void otherRulesAreRefused(String rule, String message) {
        assertThatThrownBy(() -> Rename.parse(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace(';', ','));
    }

    @Test
    void eachRuleGetsWhatThoseBeforeItMade() {
        WeightMapping mapping =
                WeightMapping.PARTIAL.renaming("module.=", "fc.*=head.*").renaming("head.=out.");
        assertThat(mapping.rename("module.fc.bias")).isEqualTo("out.bias");
        assertThat(mapping.identity()).isEqualTo(" fit partial rename module.= rename fc.*=head.* rename head.=out.");
        assertThat(WeightMapping.STRICT.identity()).isEmpty();
        assertThatThrownBy(() -> Strictness.parse("partail"))
                .hasMessage("expected strict, lenient, partial, found 'partail'; did you mean 'partial'?");
    }
}

package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> KEYS = List.of("ranking", "paths", "on.failure", "concurrency.limit");

    @Test
    void letters_that_are_missing_too_many_or_exchanged_are_guessed_at() {
        assertThat(Nearest.of("rankin", KEYS)).contains("ranking");
        assertThat(Nearest.of("pathes", KEYS)).contains("paths");
        assertThat(Nearest.of("on.falure", KEYS)).contains("on.failure");
        assertThat(Nearest.of("RANKNIG", KEYS)).contains("ranking");
    }

    @Test
    void what_a_third_of_the_letters_would_make_is_not_meant() {
        assertThat(Nearest.of("timeout", KEYS)).isEmpty();
        assertThat(Nearest.of("1", List.of("20"))).isEmpty();
        assertThat(Nearest.of("anything", List.of())).isEmpty();
    }

    @Test
    void in_a_short_word_one_letter_may_be_wrong() {
        assertThat(Nearest.of("oz", List.of("on", "off"))).contains("on");
    }

    @Test
    void the_caller_may_say_how_many_letters_may_differ() {
        assertThat(Nearest.of("pats", KEYS, 0)).isEmpty();
        assertThat(Nearest.of("pats", KEYS, 1)).contains("paths");
        assertThat(Nearest.of("pat", KEYS, 1)).isEmpty();
    }

    @Test
    void of_two_that_are_as_near_the_first_in_the_alphabet_is_taken() {
        assertThat(Nearest.of("bat", List.of("rat", "cat"))).contains("cat");
    }

    @Test
    void by_letters_what_stands_between_words_does_not_count() {
        assertThat(Nearest.byLetters("Concurrency_Limit", KEYS)).contains("concurrency.limit");
        assertThat(Nearest.byLetters("o-n-f-a-i-l-u-r-e", KEYS)).contains("on.failure");
        assertThat(Nearest.of("o-n-f-a-i-l-u-r-e", KEYS)).isEmpty();
        assertThat(Nearest.byLetters("timeout", KEYS)).isEmpty();
    }
}

package dev.sluice.container.options;

import java.util.Locale;

/**
 * The three names of one option.
 *
 * @param option on the command line, {@code --admin-port}
 * @param variable in the environment, {@code SLUICE_ADMIN_PORT}
 * @param key in the file, {@code admin.port}
 */
record OptionName(String option, String variable, String key) {

    static final OptionName HOME = of("--home");

    static OptionName of(String option) {
        String words = option.substring("--".length());
        String variable = "SLUICE_" + words.replace('-', '_').toUpperCase(Locale.ROOT);
        return new OptionName(option, variable, words.replace('-', '.'));
    }
}

package dev.sluice.chain.snapshot;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Map;

/** A request of which it is known how often something has asked for its body, in whatever form. */
abstract class WatchedRequest extends HttpServletRequestWrapper {

    private int bodyReads;

    WatchedRequest(HttpServletRequest request) {
        super(request);
    }

    int bodyReads() {
        return bodyReads;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        bodyReads++;
        return super.getInputStream();
    }

    @Override
    public BufferedReader getReader() throws IOException {
        bodyReads++;
        return super.getReader();
    }

    @Override
    public String getParameter(String name) {
        readForm();
        return super.getParameter(name);
    }

    @Override
    public String[] getParameterValues(String name) {
        readForm();
        return super.getParameterValues(name);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        readForm();
        return super.getParameterNames();
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        readForm();
        return super.getParameterMap();
    }

    @Override
    public Part getPart(String name) throws IOException, ServletException {
        readForm();
        return super.getPart(name);
    }

    @Override
    public Collection<Part> getParts() throws IOException, ServletException {
        readForm();
        return super.getParts();
    }

    /** Parameters are in the body if it is a form; who wants it as a stream afterwards finds it empty. */
    private void readForm() {
        String type = getContentType();
        if (type != null) {
            String lower = type.toLowerCase(Locale.ROOT);
            if (lower.startsWith("application/x-www-form-urlencoded") || lower.startsWith("multipart/form-data")) {
                bodyReads++;
            }
        }
    }
}

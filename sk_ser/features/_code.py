"""Describe steps and functions by their code, so that the cache notices a change."""

import inspect
import sys
from types import CodeType, FunctionType, MethodType, ModuleType

#: Packages whose classes are identified by name: the version of sk_ser is in every key.
_KNOWN = {"sk_ser", "sklearn"}


def describe(value, seen=None):
    """Describe a step: classes and parameters, without fitted attributes.

    A class of `sk_ser` or scikit-learn is identified by its name. Functions and classes of other
    packages are identified by name and by the package's version; of a script, a notebook or a
    package without a version, by their code and everything that the code refers to.

    Parameters
    ----------
    value : object
        An estimator, or a list, tuple, dict or any other value of a parameter.
    seen : set of int or None, default=None
        For a value within code: the functions and classes that are described already.

    Returns
    -------
    object
        To be pickled and hashed. It may contain what cannot be.
    """
    if hasattr(value, "get_params") and not isinstance(value, type):
        params = describe(value.get_params(deep=False))
        if _root(type(value)) in _KNOWN:
            return type(value), params
        return type(value), params, _describe_source(type(value), set())
    if isinstance(value, dict):
        return {name: describe(part, seen) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        parts = [describe(part, seen) for part in value]
        return parts if seen is not None else type(value)(parts)
    is_code = seen is not None and isinstance(value, (ModuleType, type))
    if is_code or isinstance(value, (FunctionType, MethodType)):
        return _describe_source(value, set() if seen is None else seen)
    source = value if isinstance(value, type) else type(value)
    # values of most types are pickled with their state; the code of a script's class is added
    return value if _is_released(source) else (value, _describe_source(source, set()))


def _root(thing):
    return (getattr(thing, "__module__", None) or "").partition(".")[0]


def _version(thing):
    return getattr(sys.modules.get(_root(thing)), "__version__", None)


def _is_released(thing):
    """Check whether a class or function is of Python itself or of a package with a version."""
    return _root(thing) in sys.stdlib_module_names or _version(thing) is not None


def _describe_source(thing, seen):
    """Describe a function, class or module by name and version, or by its code."""
    if isinstance(thing, MethodType):
        return describe(thing.__self__), _describe_source(thing.__func__, seen)
    if isinstance(thing, ModuleType):
        return thing.__name__, getattr(thing, "__version__", None)
    name = thing.__module__, thing.__qualname__
    if id(thing) in seen or _is_released(thing):
        return *name, _version(thing)
    seen.add(id(thing))
    if isinstance(thing, type):
        return name, [_describe_class(base, seen) for base in thing.__mro__]
    function = inspect.unwrap(thing)
    uses = {key: function.__globals__.get(key) for key in _names(function.__code__)}
    closure = [cell.cell_contents for cell in function.__closure__ or ()]
    values = [function.__defaults__, function.__kwdefaults__, closure, uses]
    return name, _describe_code(function.__code__), describe(values, seen)


def _describe_class(cls, seen):
    if cls is object or _root(cls) in _KNOWN:
        return cls.__qualname__
    own = {}
    for name, found in vars(cls).items():
        function = getattr(found, "fget", None) or getattr(found, "__func__", found)
        # such as __dict__, and what scikit-learn and the module abc store in a class
        is_internal = name.startswith(("__", "_abc_", "_sklearn_"))
        is_value = not callable(function) and not is_internal
        if is_value or isinstance(function, FunctionType):
            own[name] = describe(function, seen)
    return cls.__qualname__, own


def _names(code):
    """List the global names that a function and the functions within it may refer to."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return sorted({*code.co_names, *(name for part in inner for name in _names(part))})


def _describe_const(const):
    if isinstance(const, CodeType):
        return _describe_code(const)
    # the order of a set in a constant differs between processes
    return sorted(map(repr, const)) if isinstance(const, frozenset) else repr(const)


def _describe_code(code):
    consts = [_describe_const(const) for const in code.co_consts]
    return code.co_code, consts, code.co_names
